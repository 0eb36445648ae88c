package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import org.usageledger.running.RunningFold;

/** The fold as it is, for a test to disturb. */
public class DisturbedFold implements ReadModel {
    private final RunningFold real = new RunningFold();

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public int shape() {
        return real.shape();
    }

    @Override
    public void fold(Connection transaction, int slot, Window window) throws SQLException {
        real.fold(transaction, slot, window);
    }

    @Override
    public int empty(Connection transaction, int slot, int limit) throws SQLException {
        return real.empty(transaction, slot, limit);
    }

    @Override
    public Compared compare(Connection transaction, int liveSlot, int otherSlot, String after, int rows)
            throws SQLException {
        return real.compare(transaction, liveSlot, otherSlot, after, rows);
    }
}
