package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;

/** Something that goes over the log window by window, and stands in the table of projections. */
public interface Follower {

    /** The name of its row. */
    String name();

    /** What it makes of the log, raised when that changes: a node leaves a row of another shape alone. */
    int shape();

    /** Takes a window of the log, in the caller's transaction; all of the window or, by an exception, none. */
    void fold(Connection transaction, int slot, Window window) throws SQLException;
}
