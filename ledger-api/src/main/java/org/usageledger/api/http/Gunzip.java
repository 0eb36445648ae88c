package org.usageledger.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip strictly: every member has its header, its check sum and its length, and what follows a member is another one. The
 * platform's own stream stops silently where a later member is damaged, which would lose events unseen.
 */
final class Gunzip extends InputStream {
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int end;
    private boolean inMember;
    private boolean ended;

    Gunzip(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (!ended) {
            if (!inMember) {
                beginMember();
                continue;
            }
            int got = inflate(bytes, offset, count);
            if (got > 0) {
                crc.update(bytes, offset, got);
                return got;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsDictionary()) {
                throw damaged("it needs a dictionary");
            }
        }
        return -1;
    }

    private int inflate(byte[] bytes, int offset, int count) throws IOException {
        if (inflater.needsInput()) {
            if (position == end && !fill()) {
                throw damaged("it ends in the middle");
            }
            inflater.setInput(buffer, position, end - position);
        }
        try {
            int before = inflater.getRemaining();
            int got = inflater.inflate(bytes, offset, count);
            position += before - inflater.getRemaining();
            return got;
        } catch (DataFormatException e) {
            throw damaged(e.getMessage() == null ? "its data are no deflate stream" : e.getMessage());
        }
    }

    private void beginMember() throws IOException {
        if (position == end && !fill()) {
            ended = true;
            return;
        }
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw damaged("what stands where a member begins is no gzip header");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw damaged("its header has unknown flags");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | (next() << 8));
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        inMember = true;
    }

    private void endMember() throws IOException {
        if (littleEndian() != crc.getValue()) {
            throw damaged("its check sum does not match");
        }
        if (littleEndian() != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw damaged("its length does not match");
        }
        inMember = false;
    }

    private long littleEndian() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= (long) next() << shift;
        }
        return value;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        int character = next();
        while (character != 0) {
            character = next();
        }
    }

    private int next() throws IOException {
        if (position == end && !fill()) {
            throw damaged("it ends in the middle");
        }
        return buffer[position++] & 0xff;
    }

    private boolean fill() throws IOException {
        position = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    private static BodyRefused damaged(String why) {
        return BodyRefused.malformed("The body is said to be gzip but cannot be decompressed: " + why + ".");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
