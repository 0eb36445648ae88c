package org.usageledger.event;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An event's own JSON as the platform sent it, unknown fields included, without the envelope's {@code kind}. Immutable. */
public final class Body {
    private final byte[] utf8;

    private Body(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Takes the bytes over: the caller does not change them afterwards. */
    public static Body owning(byte[] utf8) {
        return new Body(utf8);
    }

    /** Length in bytes. */
    public int length() {
        return utf8.length;
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(utf8);
    }

    /** A copy of the UTF-8 bytes. */
    public byte[] bytes() {
        return utf8.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Body body && Arrays.equals(utf8, body.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
