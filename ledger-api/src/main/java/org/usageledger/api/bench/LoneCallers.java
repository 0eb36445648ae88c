package org.usageledger.api.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;
import org.usageledger.event.UsageEvent;

/** The same callers without an appender between them: each locks the counter, inserts one event and its identity, moves the head, commits. */
final class LoneCallers implements Contender, AutoCloseable {
    private static final int CALLERS = 64;
    private static final int COLUMNS = 20;

    private static final String READ = """
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
            where position > ?
            and position <= ?
            order by position
            """;

    private static final String LOCK = """
            select head
            from lone_head
            for update
            """;

    private static final String INSERT_EVENT = """
            insert into lone_event (
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
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String INSERT_IDENTITY = """
            insert into lone_identity (identity, position, content)
            values (?, ?, ?)
            """;

    private static final String MOVE = """
            update lone_head
            set head = ?
            """;

    private final GroupedAppends appends;
    private final int slice;
    private final List<Session> sessions = new ArrayList<>();
    private List<Row> rows = List.of();
    private long written;

    private record Row(List<Object> columns, EventIdentity identity, ContentHash content) {}

    /** @param slice how many of the appender's last events are written again */
    LoneCallers(Sessions source, GroupedAppends appends, int slice) throws SQLException {
        this.appends = appends;
        this.slice = slice;
        for (int i = 0; i < CALLERS; i++) {
            sessions.add(new Session(source.open()));
        }
    }

    /** Where the callers' connections come from. */
    @FunctionalInterface
    interface Sessions {
        Connection open() throws SQLException;
    }

    @Override
    public String name() {
        return "lone";
    }

    @Override
    public void prepare() throws SQLException {
        List<UsageEvent> events = appends.slice().subList(0, slice);
        long after = appends.upTo() - appends.slice().size();
        rows = sessions.getFirst().recorded(after, events);
        if (rows.size() != slice) {
            throw new RunRefused("Of " + slice + " events appended last, " + rows.size() + " are on record.");
        }
    }

    @Override
    public long run() throws Exception {
        Workers.share(rows, CALLERS, (worker, row) -> sessions.get(worker).write(row));
        written += rows.size();
        return rows.size();
    }

    /** How many events were committed since the beginning. */
    long written() {
        return written;
    }

    @Override
    public void close() throws SQLException {
        for (Session session : sessions) {
            session.connection.close();
        }
    }

    private static final class Session {
        private final Connection connection;
        private final PreparedStatement lock;
        private final PreparedStatement event;
        private final PreparedStatement identity;
        private final PreparedStatement move;

        Session(Connection connection) throws SQLException {
            this.connection = connection;
            connection.setAutoCommit(false);
            lock = connection.prepareStatement(LOCK);
            event = connection.prepareStatement(INSERT_EVENT);
            identity = connection.prepareStatement(INSERT_IDENTITY);
            move = connection.prepareStatement(MOVE);
        }

        List<Row> recorded(long after, List<UsageEvent> events) throws SQLException {
            List<Row> read = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(READ)) {
                statement.setLong(1, after);
                statement.setLong(2, after + events.size());
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        List<Object> columns = new ArrayList<>(COLUMNS);
                        for (int i = 1; i <= COLUMNS; i++) {
                            columns.add(row.getObject(i));
                        }
                        UsageEvent event = events.get(read.size());
                        read.add(new Row(columns, EventIdentity.of(event), ContentHash.of(event)));
                    }
                }
            }
            connection.commit();
            return read;
        }

        void write(Row row) throws SQLException {
            long position;
            try (ResultSet head = lock.executeQuery()) {
                head.next();
                position = head.getLong(1) + 1;
            }
            event.setLong(1, position);
            for (int i = 1; i < COLUMNS; i++) {
                event.setObject(i + 1, row.columns().get(i));
            }
            event.executeUpdate();
            identity.setObject(1, row.identity().value());
            identity.setLong(2, position);
            identity.setBytes(3, row.content().bytes());
            identity.executeUpdate();
            move.setLong(1, position);
            move.executeUpdate();
            connection.commit();
        }
    }
}
