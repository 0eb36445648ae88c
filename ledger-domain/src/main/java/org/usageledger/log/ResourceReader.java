package org.usageledger.log;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.usageledger.event.EventIdentity;
import org.usageledger.lifecycle.Resource;

/**
 * Reads what is on record of single resources, by their index. What it gives is confirmed: a decision that rests on it can be carried out under a
 * condition, and no failover takes its ground away.
 */
public final class ResourceReader {
    /** The most resources that are asked about at once: some thousand rows, whatever their histories hold. */
    public static final int MOST_RESOURCES = 1_000;

    /** The most events of a resource that one page holds. */
    public static final int PAGE_EVENTS = 1_000;

    private static final String PAGE = """
            select
              e.position,
              e.kind,
              e.origin,
              e.effect,
              e.recorded_at,
              e.body
            from usage_event e
            where e.resource_hash = ?
            and e.resource_kind = ?
            and e.resource_key = ?
            and e.position > ?
            and e.position <= ?
            and (cardinality(?::text[]) = 0 or e.state = any (?::text[]))
            order by e.position
            limit ?
            """;

    private static final String AT = """
            select
              e.position,
              e.kind,
              e.origin,
              e.effect,
              e.recorded_at,
              e.body
            from usage_event e
            where e.position = any (?::bigint[])
            order by e.position
            """;

    private static final String RECORDED = """
            select
              i.identity,
              i.position
            from unnest(?::uuid[]) as asked (identity)
            join event_identity i on i.identity = asked.identity
            """;

    private final DataSource database;
    private final Horizons horizons;

    /** Reads this database; the watch knows what is confirmed where there are standbys. */
    public ResourceReader(DataSource database, HeadWatch watch) {
        this.database = database;
        this.horizons = new Horizons(watch);
    }

    /**
     * The first page of a resource's history.
     *
     * @param states only events of these states; all if empty
     * @param after the position before the first event
     * @throws LogFault if the database cannot be read
     */
    public HistoryPage open(Resource resource, Set<String> states, long after) {
        return read("reading the history of a resource", connection -> {
            Horizon horizon = horizons.read(connection);
            return page(connection, new Wanted(resource, states, after), horizon);
        });
    }

    /**
     * The page that follows another one.
     *
     * @throws LogFault if retention pruned the log in between, so that pages of before and after do not go together; or if the database
     *     cannot be read
     */
    public HistoryPage next(Resource resource, Set<String> states, HistoryPage before) {
        return read("reading the history of a resource", connection -> {
            Horizon now = horizons.read(connection);
            if (now.step() != before.horizon().step()
                    || now.epoch() != before.horizon().epoch()) {
                throw new SQLException("retention pruned the log while the history of " + resource + " was read");
            }
            return page(connection, new Wanted(resource, states, before.upTo()), before.horizon());
        });
    }

    private record Wanted(Resource resource, Set<String> states, long after) {}

    private static HistoryPage page(Connection connection, Wanted wanted, Horizon horizon) throws SQLException {
        List<LoggedEvent> events = new ArrayList<>();
        long bytes = 0;
        Array states = connection.createArrayOf("text", wanted.states().toArray());
        try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setFetchSize(PAGE_EVENTS / 4);
            statement.setLong(1, wanted.resource().hash());
            statement.setInt(2, wanted.resource().kind().code());
            statement.setString(3, wanted.resource().key());
            statement.setLong(4, wanted.after());
            statement.setLong(5, horizon.position());
            statement.setArray(6, states);
            statement.setArray(7, states);
            statement.setInt(8, PAGE_EVENTS);
            try (ResultSet row = statement.executeQuery()) {
                while (bytes < EventPages.PAGE_BYTES && row.next()) {
                    LoggedEvent event = EventPages.event(row);
                    events.add(event);
                    bytes += event.body().length();
                }
            }
        }
        boolean full = events.size() == PAGE_EVENTS || bytes >= EventPages.PAGE_BYTES;
        long end = Math.max(wanted.after(), horizon.position());
        return new HistoryPage(events, full ? events.getLast().position() : end, horizon);
    }

    /**
     * Where each of these resources stands, in their order, asked in one statement and of one snapshot.
     *
     * @param resources at most {@value #MOST_RESOURCES}
     * @throws LogFault if the database cannot be read
     */
    public List<Trace> traces(List<Resource> resources) {
        List<Resource> asked = List.copyOf(resources);
        checkCount(asked.size());
        return read("reading where resources stand", connection -> {
            Cursor upTo = horizons.read(connection).cursor();
            List<List<Trace.Step>> steps = new TraceQuery(connection).read(asked, upTo.position());
            List<Trace> traces = new ArrayList<>(asked.size());
            for (int i = 0; i < asked.size(); i++) {
                traces.add(new Trace(asked.get(i), steps.get(i), upTo));
            }
            return traces;
        });
    }

    /**
     * The events at these positions, those that were pruned left out.
     *
     * @param positions at most {@value #MOST_RESOURCES}
     * @throws LogFault if the database cannot be read
     */
    public Map<Long, LoggedEvent> at(Collection<Long> positions) {
        checkCount(positions.size());
        if (positions.isEmpty()) {
            return Map.of();
        }
        return read("reading events by position", connection -> {
            Map<Long, LoggedEvent> events = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(AT)) {
                statement.setArray(1, connection.createArrayOf("bigint", positions.toArray()));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        LoggedEvent event = EventPages.event(row);
                        events.put(event.position(), event);
                    }
                }
            }
            return events;
        });
    }

    /** How far what is read here is complete, and why what was seen up to this cursor is not part of it, if it is not. */
    public Footing footing(Cursor cursor) {
        return read("judging what a decision rests on", connection -> {
            Horizon horizon = horizons.read(connection);
            return new Footing(horizon.cursor(), Horizons.refusal(connection, cursor, horizon));
        });
    }

    /** Answer to {@link #footing}. */
    public record Footing(Cursor upTo, Optional<CursorRefusal> refusal) {}

    /**
     * At which positions these identities are on record, pruned or not; those that are not are left out.
     *
     * @param identities at most {@value #MOST_RESOURCES}
     * @throws LogFault if the database cannot be read
     */
    public Map<EventIdentity, OnRecord> recorded(Collection<EventIdentity> identities) {
        checkCount(identities.size());
        return read("looking up identities", connection -> {
            Horizon horizon = horizons.read(connection);
            Map<EventIdentity, OnRecord> found = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(RECORDED)) {
                statement.setArray(
                        1,
                        connection.createArrayOf(
                                "uuid",
                                identities.stream().map(EventIdentity::value).toArray()));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        long position = row.getLong("position");
                        found.put(
                                new EventIdentity(row.getObject("identity", UUID.class)),
                                new OnRecord(position, position <= horizon.position()));
                    }
                }
            }
            return found;
        });
    }

    /**
     * Where an event is.
     *
     * @param confirmed whether a failover keeps it
     */
    public record OnRecord(long position, boolean confirmed) {}

    private static void checkCount(int count) {
        if (count > MOST_RESOURCES) {
            throw new IllegalArgumentException(count + " asked about at once; at most " + MOST_RESOURCES + " may be");
        }
    }

    private <T> T read(String doing, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            // Horizon and rows of one snapshot: between two, retention may take rows that the horizon still promises.
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                return work.on(connection);
            } finally {
                connection.rollback();
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new LogFault(doing, e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }
}
