package org.usageledger.api.bench;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;
import org.usageledger.event.UsageEvent;

/**
 * The limit: one connection that copies the very rows which the appender has just written, pre-encoded, 1,000 a transaction, into copies
 * of the log and identity tables with their indexes. It judges nothing and answers nobody.
 */
final class CopyLimit implements Contender {
    private static final int TRANSACTION_ROWS = 1_000;

    private static final String CHOOSE = """
            select
              set_config('bench.after', ?, false),
              set_config('bench.up_to', ?, false)
            """;

    private static final String READ_EVENTS = """
            copy (
              select
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
              from usage_event
              where position > current_setting('bench.after')::bigint
              and position <= current_setting('bench.up_to')::bigint
              order by position
            )
            to stdout (format binary)
            """;

    private static final String WRITE_EVENTS = """
            copy limit_event (
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

    private static final String WRITE_IDENTITIES = """
            copy limit_identity (
              position,
              identity,
              content
            )
            from stdin (format binary)
            """;

    private final Connection connection;
    private final GroupedAppends appends;
    private List<Rows> transactions = List.of();
    private long copied;

    // Compared by nobody: the arrays are only carried.
    private static final class Rows {
        final byte[] events;
        final byte[] identities;

        Rows(byte[] events, byte[] identities) {
            this.events = events;
            this.identities = identities;
        }
    }

    CopyLimit(Connection connection, GroupedAppends appends) throws SQLException {
        this.connection = connection;
        this.appends = appends;
        connection.setAutoCommit(false);
    }

    @Override
    public String name() {
        return "limit";
    }

    @Override
    public void prepare() throws SQLException {
        List<UsageEvent> slice = appends.slice();
        long upTo = appends.upTo();
        long after = upTo - slice.size();
        List<byte[]> events = recorded(after, upTo);
        if (events.size() != slice.size()) {
            throw new RunRefused("Of " + slice.size() + " events appended last, " + events.size() + " are on record.");
        }
        List<byte[]> identities = new ArrayList<>(slice.size());
        for (int i = 0; i < slice.size(); i++) {
            identities.add(identity(after + 1 + i, slice.get(i)));
        }
        transactions = new ArrayList<>();
        for (int from = 0; from < events.size(); from += TRANSACTION_ROWS) {
            int to = Math.min(events.size(), from + TRANSACTION_ROWS);
            transactions.add(
                    new Rows(Tuples.together(events.subList(from, to)), Tuples.together(identities.subList(from, to))));
        }
    }

    private List<byte[]> recorded(long after, long upTo) throws SQLException {
        try (PreparedStatement choose = connection.prepareStatement(CHOOSE)) {
            choose.setString(1, Long.toString(after));
            choose.setString(2, Long.toString(upTo));
            choose.executeQuery().close();
        }
        List<byte[]> rows = Tuples.read(connection, READ_EVENTS);
        connection.commit();
        return rows;
    }

    private static byte[] identity(long position, UsageEvent event) {
        UUID identity = EventIdentity.of(event).value();
        byte[] uuid = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(identity.getMostSignificantBits())
                .putLong(identity.getLeastSignificantBits())
                .array();
        return Tuples.row(Tuples.int8(position), uuid, ContentHash.of(event).bytes());
    }

    @Override
    public long run() throws SQLException {
        for (Rows rows : transactions) {
            Tuples.write(connection, WRITE_EVENTS, rows.events);
            Tuples.write(connection, WRITE_IDENTITIES, rows.identities);
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
