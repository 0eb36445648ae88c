package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.usageledger.log.Finding;

/** Rows that follow the log. Kept in two copies, the slots, so that one can be made anew while readers see the other. */
public interface ReadModel {

    /** The projection's name. */
    String name();

    /** What the rows mean, raised when the fold changes: a node leaves a projection of another shape alone. */
    int shape();

    /** Folds a window of the log into a slot, in the caller's transaction; all of the window or, by an exception, none. */
    void fold(Connection transaction, int slot, Window window) throws SQLException;

    /**
     * Takes some rows out of a slot that no reader sees; those who began to read it before still see all of them.
     *
     * @param limit of rows
     * @return how many rows were taken out, 0 when the slot is empty
     */
    int empty(Connection transaction, int slot, int limit) throws SQLException;

    /** Where the rows of two slots differ, at most so many. Both stand at the same position. */
    List<Finding> differences(Connection transaction, int liveSlot, int otherSlot, int limit) throws SQLException;
}
