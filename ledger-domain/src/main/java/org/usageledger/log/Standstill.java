package org.usageledger.log;

import java.sql.Connection;
import java.sql.SQLException;

/** A moment in which nobody appends. */
public final class Standstill {
    private Standstill() {}

    /**
     * Waits for the append under way, and lets none begin until the transaction ends: what it commits is seen by every append after it. To be
     * taken before any other lock, and held shortly.
     */
    public static void begin(Connection transaction) throws SQLException {
        HeadRow.lock(transaction);
    }
}
