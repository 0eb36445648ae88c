package org.usageledger.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.usageledger.log.Finding;

/** Rows that follow the log. Kept in two copies, the slots, so that one can be made anew while readers see the other. */
public interface ReadModel extends Follower {

    /**
     * Takes some rows out of a slot that no reader sees; those who began to read it before still see all of them.
     *
     * @param limit of rows
     * @return how many rows were taken out, 0 when the slot is empty
     */
    int empty(Connection transaction, int slot, int limit) throws SQLException;

    /**
     * Where some rows of two slots differ, which stand at the same position.
     *
     * @param after where the rows before these ended, as they said; empty for the first
     * @param rows of each slot at most
     */
    Compared compare(Connection transaction, int liveSlot, int otherSlot, String after, int rows) throws SQLException;

    /**
     * What comparing some rows showed.
     *
     * @param rows compared
     * @param next where to go on; empty if these were the last
     */
    record Compared(List<Finding> differences, int rows, Optional<String> next) {}
}
