package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far projections have come, and a bell for those who wait. Rung by this node's projector; for what other nodes project, one poll
 * however many wait, and none while nobody does.
 */
public final class PositionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PositionWatch.class);

    private final DataSource database;
    private final Duration interval;
    private final Map<String, Long> positions = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Condition wanted = lock.newCondition();
    private final Condition closing = lock.newCondition();
    private final Thread thread;
    private int waiting;
    private long rises;
    private boolean closed;

    /** @param interval between two looks while somebody waits */
    public PositionWatch(DataSource database, Duration interval) {
        this.database = database;
        this.interval = interval;
        thread = Thread.ofVirtual().name("ledger-position-watch").start(this::run);
    }

    /** The last position seen, ahead of the database only after it was set back, until the next look; 0 before the first. */
    public long position(String projection) {
        return positions.getOrDefault(projection, 0L);
    }

    /** Told by whoever knows that a projection has come so far. */
    public void reached(String projection, long position) {
        lock.lock();
        try {
            if (position > position(projection)) {
                positions.put(projection, position);
                rises++;
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What the database said, be it less than before: it may have been set back to an earlier state. */
    private void found(Standing standing, long risesBefore) {
        lock.lock();
        try {
            // What rose meanwhile may be younger than what was read.
            if (standing.position() < position(standing.projection()) && rises == risesBefore) {
                positions.put(standing.projection(), standing.position());
            } else {
                reached(standing.projection(), standing.position());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Told by whoever waited for a position and found the database at an earlier one; whoever waits then waits for the next look. */
    public void setBack(String projection, long waitedFor, long found) {
        lock.lock();
        try {
            if (position(projection) >= waitedFor) {
                positions.put(projection, found);
            }
        } finally {
            lock.unlock();
        }
    }

    private long rises() {
        lock.lock();
        try {
            return rises;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a projection has reached this position, at most so long; false if it has not. */
    public boolean awaitReached(String projection, long position, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            waiting++;
            wanted.signal();
            while (position(projection) < position && left > 0 && !closed) {
                left = moved.awaitNanos(left);
            }
            return position(projection) >= position;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWaiting()) {
                look();
                pause();
            }
        } catch (InterruptedException e) {
            LOG.debug("closed while waiting");
        }
    }

    private boolean awaitWaiting() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting == 0 && !closed) {
                wanted.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = interval.toNanos();
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        try (Connection connection = database.getConnection()) {
            long before = rises();
            for (Standing standing : ProjectionTable.standings(connection)) {
                found(standing, before);
            }
        } catch (SQLException e) {
            LOG.debug("cannot read where projections stand: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            moved.signalAll();
            wanted.signalAll();
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
