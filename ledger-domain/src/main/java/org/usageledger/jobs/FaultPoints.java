package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Places at which tests let a node die or a database fail. The service has none: nothing outside of tests can set them. */
@FunctionalInterface
interface FaultPoints {
    /** Nothing happens anywhere. */
    FaultPoints NONE = (_, _, _, _) -> {};

    /** Where a node may die. */
    enum Point {
        /** The claim's row is locked, nothing is done. */
        BEFORE_EFFECT,
        /** The chunk's work and its record are in the transaction. */
        AFTER_EFFECT,
        /** The transaction is committed, nobody here knows. */
        AFTER_COMMIT,
        /** The claim is made, and nothing carries the execution out. */
        AFTER_CLAIM
    }

    /**
     * Called at a point, in the thread that works.
     *
     * @param transaction the one under way; null at a point that has none
     */
    void at(Point point, Claim claim, int step, @Nullable Connection transaction) throws SQLException;
}
