package org.usageledger.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Says for a read model where its answers stand in the log. */
public final class Standpoint {
    private static final String HISTORY = """
            select
              epoch,
              retention_step
            from ledger_head
            """;

    private Standpoint() {}

    /** The cursor of whoever has seen everything up to this position, by the transaction's own snapshot. */
    public static Cursor at(Connection transaction, long position) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(HISTORY);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException(
                        "the ledger has no head row: the database was not created by its migrations");
            }
            return new Cursor(row.getInt("epoch"), position, row.getLong("retention_step"));
        }
    }

    /**
     * Why a read model can never know of this cursor, by the transaction's own snapshot. What was pruned is no reason: it matters to readers of
     * events, while a read model knows of it whatever retention did.
     */
    public static Optional<CursorRefusal> refusal(Connection transaction, Cursor cursor) throws SQLException {
        return Horizons.refusal(transaction, cursor, Horizons.visible(transaction))
                .filter(why -> !(why instanceof CursorRefusal.Pruned));
    }
}
