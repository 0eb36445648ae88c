package org.usageledger.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Passes valid UTF-8 on and refuses at the first byte that is not, after everything before it was read: the parser behind it has then
 * come to the same place. A zero byte is refused too: no JSON holds one, and a parser would guess another encoding from it.
 */
final class Utf8Check extends InputStream {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;

    private final InputStream in;
    private long offset;
    private int expected;
    private int lowest;
    private int highest;
    private boolean broken;

    Utf8Check(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        if (broken) {
            throw refused();
        }
        int got = in.read(bytes, from, count);
        if (got <= 0) {
            if (got < 0 && expected > 0) {
                broken = true;
                throw refused();
            }
            return got;
        }
        int valid = valid(bytes, from, from + got) - from;
        offset += valid;
        if (valid == got) {
            return got;
        }
        broken = true;
        if (valid == 0) {
            throw refused();
        }
        return valid;
    }

    /** Where the first byte stands that is not valid; the end if all are. */
    private int valid(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end) {
            if (expected == 0) {
                i = skipPlain(bytes, i, end);
            }
            if (i == end) {
                return end;
            }
            int b = bytes[i] & 0xff;
            boolean fits = expected == 0 ? lead(b) : continuation(b);
            if (!fits) {
                return i;
            }
            i++;
        }
        return end;
    }

    /** Past bytes of ASCII but zero, eight at a time. */
    private static int skipPlain(byte[] bytes, int from, int end) {
        int i = from;
        while (i + Long.BYTES <= end) {
            long eight = (long) LONGS.get(bytes, i);
            if (((eight | (eight - LOW_BITS)) & HIGH_BITS) != 0) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < end && bytes[i] > 0) {
            i++;
        }
        return i;
    }

    /** The table of well-formed byte sequences: no overlong form, no surrogate, nothing above U+10FFFF. */
    private boolean lead(int b) {
        lowest = 0x80;
        highest = 0xbf;
        if (b >= 0xc2 && b <= 0xdf) {
            expected = 1;
        } else if (b >= 0xe0 && b <= 0xef) {
            expected = 2;
            lowest = b == 0xe0 ? 0xa0 : 0x80;
            highest = b == 0xed ? 0x9f : 0xbf;
        } else if (b >= 0xf0 && b <= 0xf4) {
            expected = 3;
            lowest = b == 0xf0 ? 0x90 : 0x80;
            highest = b == 0xf4 ? 0x8f : 0xbf;
        } else {
            return b > 0 && b < 0x80;
        }
        return true;
    }

    private boolean continuation(int b) {
        boolean fits = b >= lowest && b <= highest;
        lowest = 0x80;
        highest = 0xbf;
        expected--;
        return fits;
    }

    private BodyRefused refused() {
        return BodyRefused.malformed("The body is no valid UTF-8 text at byte " + offset + ", counted from 0.");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
