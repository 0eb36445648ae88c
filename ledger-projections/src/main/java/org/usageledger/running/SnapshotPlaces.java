package org.usageledger.running;

import java.sql.SQLTransientException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.usageledger.projection.ProjectionFault;

/** The places there are for snapshots. */
final class SnapshotPlaces {
    private final SnapshotLimits limits;
    private final Semaphore free;

    SnapshotPlaces(SnapshotLimits limits) {
        this.limits = limits;
        free = new Semaphore(limits.concurrent(), true);
    }

    SnapshotLimits limits() {
        return limits;
    }

    /**
     * Takes a place; whoever does gives it back.
     *
     * @return false if none comes free in time
     */
    boolean take() {
        try {
            return free.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProjectionFault(
                    "waiting to open a snapshot of what runs", new SQLTransientException("interrupted", e));
        }
    }

    void giveBack() {
        free.release();
    }
}
