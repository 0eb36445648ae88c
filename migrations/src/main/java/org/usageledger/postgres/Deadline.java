package org.usageledger.postgres;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A point on the monotonic clock until which something is waited for. */
record Deadline(long atNanos) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean passed() {
        return System.nanoTime() - atNanos >= 0;
    }

    /** What is left, never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
    }

    /** The earlier of this deadline and one that lies {@code time} ahead. */
    Deadline atMost(Duration time) {
        return time.compareTo(left()) < 0 ? in(time) : this;
    }

    /**
     * Waits {@code time}, or until the deadline if that is nearer.
     *
     * @throws PostgresUnavailable if the thread is interrupted
     */
    void pause(Duration time) {
        LockSupport.parkNanos(Math.min(time.toNanos(), left().toNanos()));
        if (Thread.currentThread().isInterrupted()) {
            throw new PostgresUnavailable("Waiting for PostgreSQL was interrupted");
        }
    }
}
