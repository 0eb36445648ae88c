package org.usageledger.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Some columns of a row in PostgreSQL's binary COPY form: for each its length in bytes (-1 for null), then its value. */
final class EncodedColumns {
    private static final Instant DATABASE_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    static final EncodedColumns NO_SENDER =
            new Builder(2 * Integer.BYTES).absent().absent().build();

    private final byte[] bytes;

    private EncodedColumns(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Length in bytes. */
    int length() {
        return bytes.length;
    }

    void addTo(ByteArrayOutputStream out) {
        out.write(bytes, 0, bytes.length);
    }

    /** Microseconds as the database counts them, from the year 2000 on. */
    static long databaseMicros(Instant time) {
        return ChronoUnit.MICROS.between(DATABASE_EPOCH, time);
    }

    /** Collects columns in the order of the copy statement. */
    static final class Builder {
        private static final int ABSENT = -1;
        private ByteBuffer buffer;

        Builder(int expectedBytes) {
            buffer = ByteBuffer.allocate(expectedBytes);
        }

        Builder absent() {
            room(Integer.BYTES).putInt(ABSENT);
            return this;
        }

        Builder bool(boolean value) {
            room(Integer.BYTES + 1).putInt(1).put((byte) (value ? 1 : 0));
            return this;
        }

        Builder int2(int value) {
            room(Integer.BYTES + Short.BYTES).putInt(Short.BYTES).putShort((short) value);
            return this;
        }

        Builder int4(@Nullable Integer value) {
            if (value == null) {
                return absent();
            }
            room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
            return this;
        }

        Builder int8(long value) {
            room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
            return this;
        }

        Builder time(Instant time) {
            return int8(databaseMicros(time));
        }

        Builder uuid(UUID value) {
            room(Integer.BYTES + 2 * Long.BYTES)
                    .putInt(2 * Long.BYTES)
                    .putLong(value.getMostSignificantBits())
                    .putLong(value.getLeastSignificantBits());
            return this;
        }

        Builder text(@Nullable String value) {
            return value == null ? absent() : bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        Builder bytes(byte[] value) {
            room(Integer.BYTES + value.length).putInt(value.length).put(value);
            return this;
        }

        EncodedColumns build() {
            return new EncodedColumns(Arrays.copyOf(buffer.array(), buffer.position()));
        }

        private ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                int wanted = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
                buffer = ByteBuffer.allocate(wanted).put(buffer.flip());
            }
            return buffer;
        }
    }
}
