package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far readers may go, and a bell for those who wait. Rung by this node's appender; for what other nodes append, one short poll of
 * the counter per node, however many readers wait. Who waits behind a filter is woken only for what may pass it: what came is looked at
 * once per node, likewise.
 *
 * <p>Where the database has synchronous standbys, a position counts only once a barrier written after it has been confirmed by as many of
 * them as a commit waits for: a session that is ended while it waits leaves its rows visible on one machine only.
 */
public final class HeadWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadWatch.class);

    private static final String HEAD = """
            select
              head,
              current_setting('synchronous_standby_names') <> '' as has_standbys
            from ledger_head
            """;

    private static final String BARRIER = """
            select pg_logical_emit_message(true, 'usage-ledger', 'barrier')
            """;

    /** Seconds a barrier may wait for the standbys; it is cancelled on the server then, so that no session of it stays behind. */
    private static final int BARRIER_SECONDS = 5;

    /** For a server that never answers. */
    private static final int NETWORK_MILLIS = 10_000;

    /** A look that lasts longer is stuck: beyond what a barrier may wait. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(BARRIER_SECONDS + 1);

    private final DataSource database;
    private final Duration interval;
    private final Clock clock = Clock.systemUTC();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition due = lock.newCondition();
    private final Arrivals arrivals = new Arrivals(lock);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile long head;
    private volatile long visible;
    private volatile boolean closed;
    private volatile String fault = "";
    private volatile Instant known = clock.instant();

    /** Watches the counter of this database, looking at it once per interval. */
    public HeadWatch(DataSource database, Duration interval) {
        this.database = database;
        this.interval = interval;
        thread = Thread.ofVirtual().name("ledger-head-watch").start(this::run);
    }

    /** The last confirmed position seen; never ahead of the database. */
    public long head() {
        return head;
    }

    /** The head as the database last showed it, confirmed by standbys or not; never below {@link #head}. */
    public long visible() {
        return Math.max(visible, head);
    }

    /** How many readers of this node wait for the head to move. */
    public int waiting() {
        lock.lock();
        try {
            return arrivals.waiting();
        } finally {
            lock.unlock();
        }
    }

    /** Why the head cannot be read, empty if it can. */
    public String fault() {
        return fault;
    }

    /** Since when nobody here can know whether the head moved; empty if it is looked at as it should be. */
    public Optional<Instant> unknownSince() {
        Instant last = known;
        boolean stuck = last.plus(LONGEST_LOOK).isBefore(clock.instant());
        return fault.isEmpty() && !stuck ? Optional.empty() : Optional.of(last);
    }

    /** Waits until the head is above this position, at most so long; returns the head seen. */
    public long awaitAbove(long position, Duration atMost) throws InterruptedException {
        awaitAbove(position, ReadFilter.ALL, atMost);
        return head;
    }

    /**
     * Waits until an event above this position may pass the filter, at most so long; the head may be far above by then. It never waits on
     * where one passes, but it may end where none does.
     *
     * @return false if none came in time
     */
    public boolean awaitAbove(long position, ReadFilter filter, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (arrivals.sorted() < head) {
                due.signal();
            }
            return arrivals.await(position, filter, atMost.toNanos());
        } finally {
            lock.unlock();
        }
    }

    /** Rings this bell whenever the head moved; it must return at once. Closing the result silences it. */
    public AutoCloseable onAdvance(Runnable bell) {
        listeners.add(bell);
        return () -> listeners.remove(bell);
    }

    /** Told by whoever knows that everything up to this position is confirmed. */
    public void advanced(long confirmed) {
        lock.lock();
        try {
            if (confirmed <= head) {
                return;
            }
            head = confirmed;
            arrivals.confirmed(head);
            if (arrivals.isBehind(head)) {
                due.signal();
            }
        } finally {
            lock.unlock();
        }
        listeners.forEach(HeadWatch::ring);
    }

    /** A bell that breaks must break neither the appender, which has yet to answer, nor the watch. */
    private static void ring(Runnable bell) {
        try {
            bell.run();
        } catch (RuntimeException e) {
            LOG.error("a listener to the head of the log failed", e);
        }
    }

    private void run() {
        while (!closed) {
            look();
            pause();
        }
    }

    /** Shorter where somebody waits behind a filter and it is not known yet whether what came passes. */
    private void pause() {
        lock.lock();
        try {
            long left = interval.toNanos();
            while (left > 0 && !closed && !arrivals.isBehind(head)) {
                left = due.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        Instant begun = clock.instant();
        try (Connection connection = database.getConnection()) {
            connection.setNetworkTimeout(Runnable::run, NETWORK_MILLIS);
            advanced(confirmed(connection));
            sort(connection);
            known = begun;
            fault = "";
        } catch (SQLException | RuntimeException e) {
            if (fault.isEmpty()) {
                LOG.warn("cannot read the head of the log: {}", e.getMessage());
            }
            fault = String.valueOf(e.getMessage());
            assume();
        }
    }

    /** Finds out what came since it was last known, for those who wait behind filters. */
    private void sort(Connection connection) throws SQLException {
        long from;
        long upTo;
        lock.lock();
        try {
            from = arrivals.sorted();
            upTo = head;
            if (!arrivals.wantsSorting(upTo)) {
                arrivals.assume(upTo);
                return;
            }
        } finally {
            lock.unlock();
        }
        List<EventPages.Newest> came = new EventPages(connection).newest(from, upTo);
        lock.lock();
        try {
            arrivals.sort(upTo, came);
        } finally {
            lock.unlock();
        }
    }

    /** In doubt waiters are woken: they ask the database themselves. */
    private void assume() {
        lock.lock();
        try {
            arrivals.assume(head);
        } finally {
            lock.unlock();
        }
    }

    private long confirmed(Connection connection) throws SQLException {
        long before = head;
        long seen;
        boolean hasStandbys;
        try (PreparedStatement statement = connection.prepareStatement(HEAD);
                ResultSet row = statement.executeQuery()) {
            row.next();
            seen = row.getLong("head");
            hasStandbys = row.getBoolean("has_standbys");
        }
        visible = seen;
        if (seen < before) {
            fallBack(before);
        }
        if (hasStandbys && seen > head && !barrier(connection)) {
            return head;
        }
        return seen;
    }

    /** The database was restored to an earlier state: what was seen confirmed of its lost history says nothing any more. */
    private void fallBack(long from) {
        lock.lock();
        try {
            if (head == from) {
                head = 0;
                arrivals.forget();
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean barrier(Connection connection) throws SQLException {
        connection.clearWarnings();
        try (PreparedStatement statement = connection.prepareStatement(BARRIER)) {
            statement.setQueryTimeout(BARRIER_SECONDS);
            statement.executeQuery().close();
            return statement.getWarnings() == null && connection.getWarnings() == null;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            due.signalAll();
            arrivals.release();
        } finally {
            lock.unlock();
        }
        try {
            // Not interrupted: an interrupt in the middle of a query would break its connection.
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
