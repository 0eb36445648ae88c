package org.usageledger.log;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;

/** Reads the log forward by cursor, and single events by position or guid. */
public final class LogReader {
    /** The most events that one page holds. */
    public static final int MAX_LIMIT = 5_000;

    private static final int TRIES = 5;

    /** Between two tries: what a session has yet to hear of, such as a partition attached just now, takes this long at most. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final DataSource database;
    private final Horizons horizons;
    private final boolean refusesHoles;

    /** Reads this database; the watch knows what is confirmed where there are standbys. */
    public LogReader(DataSource database, HeadWatch watch) {
        this(database, watch, true);
    }

    /** @param refusesHoles false only to show what readers would miss without it */
    LogReader(DataSource database, HeadWatch watch, boolean refusesHoles) {
        this.database = database;
        this.horizons = new Horizons(watch);
        this.refusesHoles = refusesHoles;
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
        return page(start, filter, limit, EventPages.PAGE_BYTES);
    }

    /**
     * As {@link #page(Start, ReadFilter, int)}, for readers of whom there are many.
     *
     * @param bytes of bodies, after which the page ends; at least one event is read
     */
    public Page page(Start start, ReadFilter filter, int limit, long bytes) {
        checkLimit(limit);
        EventPages.Size size = new EventPages.Size(limit, bytes);
        for (int i = 0; i < TRIES; i++) {
            Page page = pageTried(start, filter, size);
            if (page != null) {
                return page;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new LogFault(
                "reading a page of the log",
                new SQLException("events that the log promises were missing from a page " + TRIES
                        + " times: retention pruned each time, or the log is damaged; a check tells"));
    }

    /** Each statement in a transaction of its own: within one a session does not look for new partitions again. */
    private @Nullable Page pageTried(Start start, ReadFilter filter, EventPages.Size size) {
        try (Connection connection = database.getConnection()) {
            return pageOnce(connection, start, filter, size);
        } catch (SQLException e) {
            throw new LogFault("reading a page of the log", e);
        }
    }

    static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("a page's limit is 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }

    /** Null if rows are missing that the horizon promises: retention pruned meanwhile, or the log is damaged. */
    private @Nullable Page pageOnce(Connection connection, Start start, ReadFilter filter, EventPages.Size size)
            throws SQLException {
        Horizon horizon = horizons.read(connection);
        Cursor from = from(connection, start, horizon);
        Optional<CursorRefusal> refusal = Horizons.refusal(connection, from, horizon);
        if (refusal.isPresent()) {
            return new Page.Refused(refusal.get());
        }
        EventPages.Slice slice = new EventPages(connection).read(from.position(), horizon.position(), filter, size);
        boolean showsHoles = refusesHoles && filter.passesAll();
        if (showsHoles && hasHole(slice, Math.max(from.position(), horizon.prunedUpTo()))) {
            return null;
        }
        // Where every position has its event, what retention took meanwhile has shown as a hole already.
        boolean dense = showsHoles && from.position() >= horizon.prunedUpTo();
        if (!dense && changedSince(horizon, connection)) {
            return null;
        }
        // Never back: a reader may stand where another node has seen confirmed what this one has not.
        long upTo = Math.max(from.position(), slice.upTo());
        Cursor next = new Cursor(horizon.epoch(), upTo, horizon.step());
        return new Page.Events(slice.events(), next, horizon);
    }

    private boolean changedSince(Horizon horizon, Connection connection) throws SQLException {
        Horizon now = horizons.read(connection);
        return now.step() != horizon.step() || now.epoch() != horizon.epoch();
    }

    /** Above what was pruned every position has its event: a slice in which one is missing must not be served, whatever is the cause. */
    private static boolean hasHole(EventPages.Slice slice, long dense) {
        long expected = dense;
        for (LoggedEvent event : slice.events()) {
            if (event.position() > dense && event.position() != ++expected) {
                return true;
            }
        }
        return expected < slice.upTo();
    }

    private static Cursor from(Connection connection, Start start, Horizon horizon) throws SQLException {
        return switch (start) {
            case Start.After after -> after.cursor();
            case Start.Oldest oldest -> new Cursor(horizon.epoch(), 0, horizon.step());
            case Start.Newest newest -> Horizons.newest(connection, horizon);
        };
    }

    /** Everything from a cursor up to the head as it is now; refused like a page. */
    public Opened open(Start start, ReadFilter filter) {
        return read("opening a stream of the log", connection -> {
            Horizon horizon = horizons.read(connection);
            Cursor from = from(connection, start, horizon);
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

    /** The same events with what pages leave out; fewer where retention pruned some of them since they were read. */
    public List<DescribedEvent> describe(List<LoggedEvent> events) {
        return events.isEmpty()
                ? List.of()
                : read("describing events of the log", connection -> new EventDetails(connection).of(events));
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

    /**
     * How long what follows a position has been on record, by the database's clock: how late somebody is who stands there.
     *
     * @param horizon up to which the log is looked at
     */
    public Duration lateAt(long position, Horizon horizon) {
        return position >= horizon.position()
                ? Duration.ZERO
                : read(
                        "reading when an event was recorded",
                        connection -> new EventPages(connection)
                                .recordedAfter(position, horizon.position())
                                .map(recorded -> Duration.between(recorded, horizon.time()))
                                .filter(Duration::isPositive)
                                .orElse(Duration.ZERO));
    }

    /** Who still needs the log, and after which position: those that need most of it first, at most 1,000. */
    public List<Hold> holds() {
        return read("reading the holds on the log", HoldRows::lowest);
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
