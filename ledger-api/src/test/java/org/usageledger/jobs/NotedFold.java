package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.usageledger.projection.ReadModel;
import org.usageledger.projection.Window;
import org.usageledger.running.RunningFold;

/** The fold as it is, which notes in the database, in the transaction of its effect, what it did to a copy that is being made. */
final class NotedFold implements ReadModel {
    static final String TABLE = """
            create table noted_fold (
              number bigint generated always as identity,
              what text not null
            )
            """;

    private static final String NOTE = """
            insert into noted_fold (what)
            values (?)
            """;

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
        note(transaction, "folded " + window + " into " + slot);
    }

    @Override
    public int empty(Connection transaction, int slot, int limit) throws SQLException {
        int rows = real.empty(transaction, slot, limit);
        if (rows > 0) {
            note(transaction, "took " + rows + " out of " + slot);
        }
        return rows;
    }

    @Override
    public Compared compare(Connection transaction, int liveSlot, int otherSlot, String after, int rows)
            throws SQLException {
        note(transaction, "compared from " + after);
        return real.compare(transaction, liveSlot, otherSlot, after, rows);
    }

    private static void note(Connection transaction, String what) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(NOTE)) {
            statement.setString(1, what);
            statement.executeUpdate();
        }
    }
}
