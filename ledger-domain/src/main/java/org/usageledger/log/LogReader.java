package org.usageledger.log;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;

/** Reads the log forward by cursor, and single events by position or guid. Every page is one short transaction. */
public final class LogReader {
    /** The most events that one page holds. */
    public static final int MAX_LIMIT = 5_000;

    private static final int TRIES = 5;

    private final DataSource database;
    private final Horizons horizons;

    /** Reads this database; the watch knows what is confirmed where there are standbys. */
    public LogReader(DataSource database, HeadWatch watch) {
        this.database = database;
        this.horizons = new Horizons(watch);
    }

    /**
     * The events after a cursor, in the log's order.
     *
     * <p>A page may be shorter than the limit before the end is reached, where events are large or filtered; the end is where {@code next}
     * stands at the horizon's position.
     *
     * @param limit at most this many events, 1 to {@value #MAX_LIMIT}
     * @throws LogFault if the database cannot be read
     */
    public Page page(Start start, ReadFilter filter, int limit) {
        checkLimit(limit);
        return read("reading a page of the log", connection -> {
            for (int i = 0; i < TRIES; i++) {
                Page page = pageOnce(connection, start, filter, limit);
                if (page != null) {
                    return page;
                }
            }
            throw new SQLException("retention pruned the log " + TRIES + " times while one page was read");
        });
    }

    static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("a page's limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }

    /** Null if retention pruned meanwhile: rows may be missing that the horizon read before still promises. */
    private @Nullable Page pageOnce(Connection connection, Start start, ReadFilter filter, int limit)
            throws SQLException {
        Horizon horizon = horizons.read(connection);
        Cursor from = from(start, horizon);
        Optional<CursorRefusal> refusal = Horizons.refusal(connection, from, horizon);
        if (refusal.isPresent()) {
            return new Page.Refused(refusal.get());
        }
        EventPages.Slice slice = new EventPages(connection).read(from.position(), horizon.position(), filter, limit);
        Horizon after = horizons.read(connection);
        if (after.step() != horizon.step() || after.epoch() != horizon.epoch()) {
            return null;
        }
        // Never back: a reader may stand where another node has seen confirmed what this one has not.
        long upTo = Math.max(from.position(), slice.upTo());
        Cursor next = new Cursor(horizon.epoch(), upTo, horizon.step());
        return new Page.Events(slice.events(), next, horizon);
    }

    private static Cursor from(Start start, Horizon horizon) {
        return switch (start) {
            case Start.After after -> after.cursor();
            case Start.Oldest oldest -> new Cursor(horizon.epoch(), 0, horizon.step());
            case Start.Newest newest -> horizon.cursor();
        };
    }

    /** Everything from a cursor up to the head as it is now; refused like a page. */
    public Opened open(Start start, ReadFilter filter) {
        return read("opening a stream of the log", connection -> {
            Horizon horizon = horizons.read(connection);
            Cursor from = from(start, horizon);
            Optional<CursorRefusal> refusal = Horizons.refusal(connection, from, horizon);
            return refusal.isPresent()
                    ? new Opened.Refused(refusal.get())
                    : new Opened.Streaming(new LogStream(this, filter, from, horizon));
        });
    }

    /** Answer to {@link #open}. */
    public sealed interface Opened {
        record Streaming(LogStream stream) implements Opened {}

        record Refused(CursorRefusal why) implements Opened {}
    }

    /** The event at a position; empty if it was pruned or not yet given. */
    public Optional<LoggedEvent> at(long position) {
        return read("reading one event of the log", connection -> {
            long readable = horizons.read(connection).position();
            return position > readable ? Optional.empty() : new EventPages(connection).at(position);
        });
    }

    /** The events with this guid, the newest first, at most 100. More than one only where the platform reuses guids, as its reseed does. */
    public List<LoggedEvent> byGuid(@Nullable EventKind kind, String guid) {
        return read("looking up events by guid", connection -> {
            long readable = horizons.read(connection).position();
            return new EventsByGuid(connection).find(kind, guid, readable);
        });
    }

    /** How far answers are complete now. */
    public Horizon horizon() {
        return read("reading the head of the log", horizons::read);
    }

    /** The highest position whose events were all recorded before this time. Sound as long as the database's clock never went back. */
    public long positionBefore(Instant time) {
        return read(
                "looking up a time in the log",
                connection -> new TimeSearch(connection)
                        .before(time, horizons.read(connection).position()));
    }

    /** Why this cursor cannot be served now, if it cannot. */
    public Optional<CursorRefusal> check(Cursor cursor) {
        return read("checking a cursor", connection -> Horizons.refusal(connection, cursor, horizons.read(connection)));
    }

    private <T> T read(String doing, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } finally {
                connection.rollback();
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
