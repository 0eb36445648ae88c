package org.usageledger.event;

import java.util.Arrays;

/** JSON being written as UTF-8 into a buffer that is used again for the next event. What goes beyond the limit is not kept. */
final class BodyText {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int WIDEST_ESCAPE = 6;
    private static final int FIRST_SIZE = 2048;

    private final int limit;
    private byte[] bytes = new byte[FIRST_SIZE];
    private char[] chars = new char[64];
    private int length;
    private boolean overflown;

    BodyText(int limit) {
        this.limit = limit;
    }

    void clear() {
        length = 0;
        overflown = false;
    }

    /** Whether more was written than the limit allows. */
    boolean overflown() {
        return overflown || length > limit;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    void raw(char ascii) {
        if (hasRoomFor(1)) {
            bytes[length++] = (byte) ascii;
        }
    }

    void literal(String ascii) {
        if (hasRoomFor(ascii.length())) {
            for (int i = 0; i < ascii.length(); i++) {
                bytes[length++] = (byte) ascii.charAt(i);
            }
        }
    }

    void literal(char[] ascii, int offset, int count) {
        if (hasRoomFor(count)) {
            for (int i = offset; i < offset + count; i++) {
                bytes[length++] = (byte) ascii[i];
            }
        }
    }

    /** As {@link #string(char[], int, int)}. */
    boolean string(String text) {
        if (text.length() > chars.length) {
            chars = new char[text.length()];
        }
        text.getChars(0, text.length(), chars, 0);
        return string(chars, 0, text.length());
    }

    /** A JSON string. False if it holds U+0000 or half of a surrogate pair: neither can be stored or served as UTF-8 text. */
    boolean string(char[] text, int offset, int count) {
        if (!hasRoomFor((long) count * WIDEST_ESCAPE + 2)) {
            return true;
        }
        bytes[length++] = '"';
        int end = offset + count;
        for (int i = offset; i < end; i++) {
            char c = text[i];
            if (c < 0x80) {
                if (c == 0) {
                    return false;
                }
                ascii(c);
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xc0 | (c >> 6));
                continuation(c);
            } else if (!Character.isSurrogate(c)) {
                bytes[length++] = (byte) (0xe0 | (c >> 12));
                continuation(c >> 6);
                continuation(c);
            } else if (i + 1 < end && Character.isSurrogatePair(c, text[i + 1])) {
                pair(Character.toCodePoint(c, text[++i]));
            } else {
                return false;
            }
        }
        bytes[length++] = '"';
        return true;
    }

    private void ascii(char c) {
        if (c >= 0x20 && c != '"' && c != '\\') {
            bytes[length++] = (byte) c;
            return;
        }
        bytes[length++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[length++] = (byte) c;
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            case '\b' -> bytes[length++] = 'b';
            case '\f' -> bytes[length++] = 'f';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[c >> 4];
                bytes[length++] = HEX[c & 0xf];
            }
        }
    }

    private void pair(int codePoint) {
        bytes[length++] = (byte) (0xf0 | (codePoint >> 18));
        continuation(codePoint >> 12);
        continuation(codePoint >> 6);
        continuation(codePoint);
    }

    private void continuation(int bits) {
        bytes[length++] = (byte) (0x80 | (bits & 0x3f));
    }

    private boolean hasRoomFor(long more) {
        if (overflown()) {
            overflown = true;
            return false;
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(length + more, bytes.length * 2L));
        }
        return true;
    }
}
