package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.usageledger.event.Body;
import org.usageledger.event.Origin;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;

/** Reads events by position. */
final class EventPages {
    /** Bytes of bodies after which a page ends early: what one reader may cost of the heap. */
    static final long PAGE_BYTES = 8L << 20;

    /** Positions that one filtered statement looks at, so that a rare kind does not make one statement read the whole log. */
    static final long FILTERED_SPAN = 100_000;

    /** Spans that one page looks at: then it comes back empty, with where to go on. */
    static final long FILTERED_SPANS = 10;

    // The bytes are bounded by the server: a cursor would do it too, for a round trip more with each part that it
    // fetches.
    private static final String ALL = """
            select
              position,
              kind,
              origin,
              effect,
              recorded_at,
              body
            from (
              select
                position,
                kind,
                origin,
                effect,
                recorded_at,
                body,
                sum(octet_length(body)) over (order by position rows unbounded preceding) - octet_length(body) as before
              from (
                select
                  position,
                  kind,
                  origin,
                  effect,
                  recorded_at,
                  body
                from usage_event
                where position > ?
                and position <= ?
                order by position
                limit ?
              ) as first_rows
            ) as summed
            where before < ?
            order by position
            """;

    private static final String FILTERED = """
            select
              position,
              kind,
              origin,
              effect,
              recorded_at,
              body
            from (
              select
                position,
                kind,
                origin,
                effect,
                recorded_at,
                body,
                sum(octet_length(body)) over (order by position rows unbounded preceding) - octet_length(body) as before
              from (
                select
                  position,
                  kind,
                  origin,
                  effect,
                  recorded_at,
                  body
                from usage_event
                where position > ?
                and position <= ?
                and (?::smallint is null or kind = ?::smallint)
                and (? or effect <> 2)
                order by position
                limit ?
              ) as first_rows
            ) as summed
            where before < ?
            order by position
            """;

    private static final String AT = """
            select
              position,
              kind,
              origin,
              effect,
              recorded_at,
              body
            from usage_event
            where position = ?
            """;

    private static final String RECORDED_AFTER = """
            select recorded_at
            from usage_event
            where position > ?
            and position <= ?
            order by position
            limit 1
            """;

    private static final String NEWEST = """
            select
              kind,
              effect = 2 as baseline,
              max(position) as newest
            from usage_event
            where position > ?
            and position <= ?
            group by
              kind,
              effect = 2
            order by newest
            """;

    private final Connection connection;

    EventPages(Connection connection) {
        this.connection = connection;
    }

    /**
     * Some events and up to which position nothing is missing but what was filtered or pruned.
     *
     * @param upTo at least the last event's position
     */
    record Slice(List<LoggedEvent> events, long upTo) {}

    /**
     * How much is read at once.
     *
     * @param events at most
     * @param bytes of bodies, after which no more are read
     */
    record Size(int events, long bytes) {}

    /** Up to where events of one kind, that are baselines or are none, came. */
    record Newest(EventKind kind, boolean baseline, long position) {}

    /** What came after one position, up to and including another. */
    List<Newest> newest(long after, long upTo) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            List<Newest> came = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    came.add(new Newest(
                            EventKind.ofCode(row.getInt("kind")), row.getBoolean("baseline"), row.getLong("newest")));
                }
            }
            return came;
        }
    }

    /** When the first event after one position, up to and including another, was recorded; empty if there is none. */
    Optional<Instant> recordedAfter(long after, long upTo) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RECORDED_AFTER)) {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(row.getObject("recorded_at", OffsetDateTime.class)
                                .toInstant())
                        : Optional.empty();
            }
        }
    }

    /** The first events after one position, up to and including another. */
    Slice read(long after, long upTo, ReadFilter filter, Size size) throws SQLException {
        if (filter.passesAll()) {
            return readAll(after, upTo, size);
        }
        long from = after;
        long lookAt = Math.min(upTo, after + FILTERED_SPANS * FILTERED_SPAN);
        while (from < lookAt) {
            long spanEnd = Math.min(lookAt, from + FILTERED_SPAN);
            Slice slice = readFiltered(from, spanEnd, filter, size);
            if (!slice.events().isEmpty()) {
                return slice;
            }
            from = slice.upTo();
        }
        return new Slice(List.of(), lookAt);
    }

    private Slice readAll(long after, long upTo, Size size) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ALL)) {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            statement.setInt(3, size.events());
            statement.setLong(4, size.bytes());
            return slice(statement, upTo, size);
        }
    }

    private Slice readFiltered(long after, long upTo, ReadFilter filter, Size size) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FILTERED)) {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            EventKind kind = filter.kind();
            if (kind == null) {
                statement.setNull(3, Types.SMALLINT);
                statement.setNull(4, Types.SMALLINT);
            } else {
                statement.setInt(3, kind.code());
                statement.setInt(4, kind.code());
            }
            statement.setBoolean(5, filter.baselines());
            statement.setInt(6, size.events());
            statement.setLong(7, size.bytes());
            return slice(statement, upTo, size);
        }
    }

    private static Slice slice(PreparedStatement statement, long upTo, Size size) throws SQLException {
        List<LoggedEvent> events = new ArrayList<>();
        long bytes = 0;
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                LoggedEvent event = event(row);
                events.add(event);
                bytes += event.body().length();
            }
        }
        boolean full = events.size() == size.events() || bytes >= size.bytes();
        return new Slice(events, full ? events.getLast().position() : upTo);
    }

    Optional<LoggedEvent> at(long position) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(AT)) {
            statement.setLong(1, position);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(event(row)) : Optional.empty();
            }
        }
    }

    static LoggedEvent event(ResultSet row) throws SQLException {
        return new LoggedEvent(
                row.getLong("position"),
                EventKind.ofCode(row.getInt("kind")),
                Origin.ofCode(row.getInt("origin")),
                Effect.ofCode(row.getInt("effect")),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                Body.owning(row.getBytes("body")));
    }
}
