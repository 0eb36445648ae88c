package org.usageledger.running;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.projection.ProjectionFault;

/**
 * Everything that runs at one moment, a chunk at a time in bounded memory. Holds a connection until it is closed, or until it has been
 * open for longer than a snapshot may be: then it is cut off, even while its reader is busy elsewhere.
 */
public final class RunningSnapshot implements AutoCloseable {
    static final int CHUNK_ROWS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(RunningSnapshot.class);

    private final ReadTransaction transaction;
    private final RunningRows rows;
    private final SnapshotLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean cutOff;

    RunningSnapshot(ReadTransaction transaction, RunningRows rows, SnapshotLimits limits) {
        this.transaction = transaction;
        this.rows = rows;
        this.limits = limits;
        Thread.ofVirtual().name("ledger-snapshot-deadline").start(this::watch);
    }

    public AsOf asOf() {
        return transaction.asOf();
    }

    /**
     * The next resources, ordered by kind and guid; empty at the end.
     *
     * @throws ProjectionFault also where the last chunk was asked for more than a minute ago, or the snapshot has been open for too long
     */
    public List<RunningResource> nextChunk() {
        lock.lock();
        try {
            if (cutOff) {
                throw new SQLException("the snapshot was open for longer than "
                        + limits.longest().toSeconds() + " s and is cut off");
            }
            return rows.next(CHUNK_ROWS);
        } catch (SQLException e) {
            throw new ProjectionFault("reading on in what runs", e);
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        try {
            if (!over.await(limits.longest().toMillis(), TimeUnit.MILLISECONDS)) {
                cutOff();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cutOff() {
        lock.lock();
        try {
            cutOff = true;
            close();
        } catch (ProjectionFault e) {
            LOG.info("closing a snapshot that was open for too long: {}", String.valueOf(e.getCause()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (over.getCount() > 0) {
                over.countDown();
                release();
            }
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        try (transaction) {
            rows.close();
        } catch (SQLException e) {
            throw new ProjectionFault("closing a snapshot of what runs", e);
        }
    }
}
