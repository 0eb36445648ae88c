package org.usageledger.api.bench;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.usageledger.event.UsageEvent;

/** COPY of the same events into a bare table, 1,000 a transaction: what an append-only table costs that promises nothing. */
final class BareCopy implements Contender {
    private static final int TRANSACTION_ROWS = 1_000;
    private static final Instant DATABASE_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private static final String WRITE = """
            copy bare_event (
              position,
              guid,
              occurred_at,
              body
            )
            from stdin (format binary)
            """;

    private final Connection connection;
    private final GroupedAppends appends;
    private final SplittableRandom guids = new SplittableRandom(4);
    private List<byte[]> transactions = List.of();
    private long copied;

    BareCopy(Connection connection, GroupedAppends appends) throws SQLException {
        this.connection = connection;
        this.appends = appends;
        connection.setAutoCommit(false);
    }

    @Override
    public String name() {
        return "bare";
    }

    @Override
    public void prepare() {
        List<byte[]> rows = new ArrayList<>();
        long position = copied;
        for (UsageEvent event : appends.slice()) {
            rows.add(row(++position, event));
        }
        transactions = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += TRANSACTION_ROWS) {
            transactions.add(Tuples.together(rows.subList(from, Math.min(rows.size(), from + TRANSACTION_ROWS))));
        }
    }

    private byte[] row(long position, UsageEvent event) {
        byte[] guid = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(guids.nextLong())
                .putLong(guids.nextLong())
                .array();
        long micros = ChronoUnit.MICROS.between(DATABASE_EPOCH, event.occurredAt());
        return Tuples.row(
                Tuples.int8(position), guid, Tuples.int8(micros), event.body().bytes());
    }

    @Override
    public long run() throws SQLException {
        for (byte[] rows : transactions) {
            Tuples.write(connection, WRITE, rows);
            connection.commit();
        }
        copied += appends.slice().size();
        return appends.slice().size();
    }

    /** How many rows it has copied since the beginning. */
    long copied() {
        return copied;
    }
}
