package org.usageledger.api.cli;

import java.nio.charset.StandardCharsets;

/** Bytes of an event or a body, never changed: passed on as they came. */
final class Bytes {
    static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] content;

    /** @param content given away by the caller */
    Bytes(byte[] content) {
        this.content = content;
    }

    static Bytes of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Not to be changed. */
    byte[] array() {
        return content;
    }

    int size() {
        return content.length;
    }

    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }
}
