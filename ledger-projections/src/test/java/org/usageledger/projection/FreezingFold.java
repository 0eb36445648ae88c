package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Stops in the middle of a window, with the transaction open, as a process does that is stopped by a signal. */
public final class FreezingFold extends DisturbedFold {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicInteger left;
    private final Semaphore frozen = new Semaphore(0);
    private final Semaphore thaw = new Semaphore(0);
    private final Semaphore thawed = new Semaphore(0);

    /** @param windows the last of which it stops in */
    public FreezingFold(int windows) {
        left = new AtomicInteger(windows);
    }

    @Override
    public void fold(Connection transaction, int slot, Window window) throws SQLException {
        super.fold(transaction, slot, window);
        if (left.decrementAndGet() == 0) {
            frozen.release();
            acquire(thaw);
            thawed.release();
        }
    }

    public void awaitFrozen() {
        acquire(frozen);
    }

    public void thaw() {
        thaw.release();
    }

    public void awaitThawed() {
        acquire(thawed);
    }

    /** A stopped process cannot be interrupted either. */
    private static void acquire(Semaphore semaphore) {
        boolean interrupted = Thread.interrupted();
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!tried(semaphore)) {
                interrupted |= Thread.interrupted();
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("nobody came within " + PATIENCE);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean tried(Semaphore semaphore) {
        try {
            return semaphore.tryAcquire(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
