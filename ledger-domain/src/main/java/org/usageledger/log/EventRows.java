package org.usageledger.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes judged rows: the events and their identities by binary COPY, the windows that they complete. */
class EventRows {
    private static final String COPY_EVENTS = """
            copy usage_event (
              position,
              recorded_at,
              occurred_at,
              kind,
              format,
              origin,
              effect,
              exact,
              resource_kind,
              instances,
              memory_mb,
              resource_hash,
              guid,
              state,
              resource_key,
              organization,
              space,
              app,
              plan,
              body
            )
            from stdin (format binary)
            """;

    /** A statement of its own, so that other events travel and are stored as if there were no senders. */
    private static final String COPY_SENT_EVENTS = """
            copy usage_event (
              position,
              recorded_at,
              occurred_at,
              kind,
              format,
              origin,
              effect,
              exact,
              resource_kind,
              instances,
              memory_mb,
              resource_hash,
              guid,
              state,
              resource_key,
              organization,
              space,
              app,
              plan,
              body,
              sender_source,
              sender_id
            )
            from stdin (format binary)
            """;

    private static final String COPY_IDENTITIES = """
            copy event_identity (
              position,
              identity,
              content
            )
            from stdin (format binary)
            """;

    private static final String CLOSE_WINDOW = """
            insert into log_window (window_number, chain)
            values (?, ?)
            """;

    private static final byte[] COPY_HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final int EVENT_COLUMNS = 20;
    private static final int SENDER_COLUMNS = 2;
    private static final int IDENTITY_COLUMNS = 3;
    private static final int CHUNK_BYTES = 64 * 1024;

    private final Connection transaction;

    EventRows(Connection transaction) {
        this.transaction = transaction;
    }

    /** Writes the rows and gives the chain after the last of them. */
    ChainValue write(List<Judgement.Row> rows, Instant recordedAt, ChainValue chain) throws SQLException {
        if (rows.isEmpty()) {
            return chain;
        }
        copyEvents(rows, recordedAt);
        copyIdentities(rows);
        return closeWindows(rows, chain);
    }

    private void copyEvents(List<Judgement.Row> rows, Instant recordedAt) throws SQLException {
        boolean sent = rows.stream().anyMatch(row -> row.event().sender() != null);
        Tuples tuples = new Tuples(copy(sent ? COPY_SENT_EVENTS : COPY_EVENTS));
        int columns = EVENT_COLUMNS + (sent ? SENDER_COLUMNS : 0);
        long recorded = EncodedColumns.databaseMicros(recordedAt);
        for (Judgement.Row row : rows) {
            tuples.begin(columns).int8(row.position()).int8(recorded);
            tuples.columns(row.event().columns());
            if (sent) {
                tuples.columns(row.event().senderColumns());
            }
        }
        tuples.end();
    }

    private void copyIdentities(List<Judgement.Row> rows) throws SQLException {
        Tuples tuples = new Tuples(copy(COPY_IDENTITIES));
        for (Judgement.Row row : rows) {
            tuples.begin(IDENTITY_COLUMNS).int8(row.position());
            tuples.columns(row.event().identityColumns());
        }
        tuples.end();
    }

    private CopyIn copy(String statement) throws SQLException {
        return transaction.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
    }

    private ChainValue closeWindows(List<Judgement.Row> rows, ChainValue before) throws SQLException {
        Chain chain = new Chain(before);
        List<Long> numbers = new ArrayList<>();
        List<ChainValue> values = new ArrayList<>();
        for (Judgement.Row row : rows) {
            chain.add(row.position(), row.event().identity(), row.event().content());
            if (Chain.endsWindow(row.position())) {
                numbers.add(row.position() / Chain.WINDOW);
                values.add(chain.value());
            }
        }
        if (!numbers.isEmpty()) {
            try (PreparedStatement statement = transaction.prepareStatement(CLOSE_WINDOW)) {
                for (int i = 0; i < numbers.size(); i++) {
                    statement.setLong(1, numbers.get(i));
                    statement.setBytes(2, values.get(i).bytes());
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        }
        return chain.value();
    }

    /** Called between two chunks of a copy; nothing happens here. */
    void betweenChunks() {}

    /** Tuples on their way to the server, in chunks. */
    private final class Tuples {
        private final CopyIn copy;
        private final ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK_BYTES + 8_192);
        private final ByteBuffer number = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);

        Tuples(CopyIn copy) {
            this.copy = copy;
            chunk.write(COPY_HEADER, 0, COPY_HEADER.length);
        }

        Tuples begin(int columns) throws SQLException {
            if (chunk.size() >= CHUNK_BYTES) {
                send();
                betweenChunks();
            }
            number.clear().putShort((short) columns);
            chunk.write(number.array(), 0, Short.BYTES);
            return this;
        }

        Tuples int8(long value) {
            number.clear().putInt(Long.BYTES).putLong(value);
            chunk.write(number.array(), 0, number.position());
            return this;
        }

        void columns(EncodedColumns columns) {
            columns.addTo(chunk);
        }

        void end() throws SQLException {
            number.clear().putShort((short) -1);
            chunk.write(number.array(), 0, Short.BYTES);
            send();
            copy.endCopy();
        }

        private void send() throws SQLException {
            byte[] bytes = chunk.toByteArray();
            copy.writeToCopy(bytes, 0, bytes.length);
            chunk.reset();
        }
    }
}
