package org.usageledger.running;

import java.sql.SQLException;
import java.util.List;
import org.usageledger.projection.ProjectionFault;

/** Everything that runs at one moment, a chunk at a time in bounded memory. Holds a connection until it is closed. */
public final class RunningSnapshot implements AutoCloseable {
    static final int CHUNK_ROWS = 1_000;

    private final ReadTransaction transaction;
    private final RunningRows rows;

    RunningSnapshot(ReadTransaction transaction, RunningRows rows) {
        this.transaction = transaction;
        this.rows = rows;
    }

    public AsOf asOf() {
        return transaction.asOf();
    }

    /**
     * The next resources, ordered by kind and guid; empty at the end.
     *
     * @throws ProjectionFault also where the last chunk was asked for more than a minute ago
     */
    public List<RunningResource> nextChunk() {
        try {
            return rows.next(CHUNK_ROWS);
        } catch (SQLException e) {
            throw new ProjectionFault("reading on in what runs", e);
        }
    }

    @Override
    public void close() {
        try (transaction) {
            rows.close();
        } catch (SQLException e) {
            throw new ProjectionFault("closing a snapshot of what runs", e);
        }
    }
}
