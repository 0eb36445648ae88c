package org.usageledger.log;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Keeps a superseded background execution from appending. Checked after the counter is locked, in the appending transaction, which
 * also carries the execution's step event, so that an effect and its record are one. Lock order is always counter, then execution.
 */
public interface Fence {
    enum Standing {
        /** The claim is held, its row is locked until the transaction ends. */
        HELD,
        /** Another claim has taken over. */
        FENCED,
        /** Somebody has the execution's row locked: try again in the next transaction. */
        BUSY
    }

    /** Takes the execution's row lock without waiting and compares the claim. */
    Standing enter(Connection transaction) throws SQLException;

    /**
     * Writes the step event. Called only where {@link #enter} said held, after the request's events are in; called again for the same step when a
     * commit's outcome could not be told from its rows, so a step that is there already with the same claim is no error.
     */
    void recordStep(Connection transaction) throws SQLException;
}
