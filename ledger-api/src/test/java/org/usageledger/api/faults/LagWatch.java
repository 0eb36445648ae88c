package org.usageledger.api.faults;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.usageledger.postgres.testing.TestDatabase;

/** How long it takes from an event's being on record until it is in the projection of what runs, looked at past the services. */
final class LagWatch implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private static final String STANDING = """
            select
              h.head,
              p.position
            from ledger_head h
            join projection p on p.name = 'running'
            """;

    private final TestDatabase database;
    private final Thread thread;
    private final Deque<Seen> waiting = new ArrayDeque<>();
    private Duration worst = Duration.ZERO;
    private long head;
    private long position;
    private volatile boolean stopping;

    /** A head that the projection has not reached. */
    private record Seen(long head, long nanos) {}

    LagWatch(TestDatabase database) {
        this.database = database;
        thread = Thread.ofVirtual().name("lag").start(this::run);
    }

    private void run() {
        while (!stopping) {
            try (Connection connection = database.open();
                    PreparedStatement statement = connection.prepareStatement(STANDING)) {
                while (!stopping) {
                    look(statement);
                    LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                }
            } catch (SQLException e) {
                System.out.println("a look at the projection failed: " + e);
            }
        }
    }

    private void look(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            if (row.next()) {
                seen(row.getLong("head"), row.getLong("position"), System.nanoTime());
            }
        }
    }

    private synchronized void seen(long newest, long reached, long now) {
        if (newest > head) {
            waiting.add(new Seen(newest, now));
        }
        head = newest;
        position = reached;
        for (Seen next = waiting.peek(); next != null; next = waiting.peek()) {
            longest(Duration.ofNanos(now - next.nanos()));
            if (next.head() > reached) {
                return;
            }
            waiting.remove();
        }
    }

    private void longest(Duration lag) {
        if (lag.compareTo(worst) > 0) {
            worst = lag;
        }
    }

    /** The longest since the last time this was asked. */
    synchronized Duration worst() {
        Duration longest = worst;
        worst = Duration.ZERO;
        return longest;
    }

    /** Whether the projection has all there is. */
    synchronized boolean isUpToDate() {
        return head > 0 && position == head;
    }

    @Override
    public synchronized String toString() {
        return "the projection is at " + position + " of " + head;
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
    }
}
