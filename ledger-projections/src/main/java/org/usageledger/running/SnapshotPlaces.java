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
     * @throws ProjectionFault if none comes free in time: a passing shortage of connections to the database, as its cause says
     */
    void take() {
        try {
            if (!free.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                throw none(new SQLTransientException(
                        "as many snapshots are being read as may be, " + limits.concurrent()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw none(new SQLTransientException("interrupted while waiting for a place", e));
        }
    }

    void giveBack() {
        free.release();
    }

    private static ProjectionFault none(SQLTransientException cause) {
        return new ProjectionFault("waiting to open a snapshot of what runs", cause);
    }
}
