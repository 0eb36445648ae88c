package org.usageledger.api.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** Rows in PostgreSQL's binary COPY form, encoded before the clock starts. */
final class Tuples {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private static final byte[] TRAILER = {-1, -1};
    private static final int CHUNK_BYTES = 64 * 1024;

    private Tuples() {}

    /** Reads what a statement copies out, a row each. */
    static List<byte[]> read(Connection connection, String copyOut) throws SQLException {
        List<byte[]> rows = new ArrayList<>();
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copyOut);
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
            if (rows.isEmpty()) {
                rows.add(withoutHeader(row));
            } else if (row.length > TRAILER.length) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static byte[] withoutHeader(byte[] row) {
        byte[] rest = new byte[row.length - HEADER.length];
        System.arraycopy(row, HEADER.length, rest, 0, rest.length);
        return rest;
    }

    /** One transaction's rows, header and trailer included. */
    static byte[] together(List<byte[]> rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(rows.size() * 1200);
        out.writeBytes(HEADER);
        rows.forEach(out::writeBytes);
        out.writeBytes(TRAILER);
        return out.toByteArray();
    }

    /** A row of these columns, each as the server wants it. */
    static byte[] row(byte[]... columns) {
        int bytes = Short.BYTES;
        for (byte[] column : columns) {
            bytes += Integer.BYTES + column.length;
        }
        ByteBuffer row = ByteBuffer.allocate(bytes).putShort((short) columns.length);
        for (byte[] column : columns) {
            row.putInt(column.length).put(column);
        }
        return row.array();
    }

    static byte[] int8(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** Sends rows that were put together before. */
    static void write(Connection connection, String copyIn, byte[] rows) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyIn);
        for (int from = 0; from < rows.length; from += CHUNK_BYTES) {
            copy.writeToCopy(rows, from, Math.min(CHUNK_BYTES, rows.length - from));
        }
        copy.endCopy();
    }
}
