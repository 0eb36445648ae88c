package org.usageledger.api.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.usageledger.event.UsageEvent;

/** The platform's own way: each caller inserts one row, whose id is drawn from a sequence before the commit, and commits. No order. */
final class SequenceCallers implements Contender, AutoCloseable {
    private static final int CALLERS = 16;

    private static final String INSERT = """
            insert into sequence_event (guid, recorded_at, occurred_at, body)
            values (?, clock_timestamp(), ?, ?)
            """;

    private final GroupedAppends appends;
    private final List<Connection> connections = new ArrayList<>();
    private final List<PreparedStatement> inserts = new ArrayList<>();
    private List<UsageEvent> events = List.of();
    private long inserted;

    SequenceCallers(LoneCallers.Sessions source, GroupedAppends appends) throws SQLException {
        this.appends = appends;
        for (int i = 0; i < CALLERS; i++) {
            Connection connection = source.open();
            connections.add(connection);
            inserts.add(connection.prepareStatement(INSERT));
        }
    }

    @Override
    public String name() {
        return "sequence";
    }

    @Override
    public void prepare() {
        events = appends.slice();
    }

    @Override
    public long run() throws Exception {
        Workers.share(events, CALLERS, (worker, event) -> insert(inserts.get(worker), event));
        inserted += events.size();
        return events.size();
    }

    private static void insert(PreparedStatement insert, UsageEvent event) throws SQLException {
        insert.setString(1, event.guid());
        insert.setObject(2, OffsetDateTime.ofInstant(event.occurredAt(), ZoneOffset.UTC));
        insert.setBytes(3, event.body().bytes());
        insert.executeUpdate();
    }

    /** How many rows it has inserted since the beginning. */
    long inserted() {
        return inserted;
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
