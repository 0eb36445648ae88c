package org.usageledger.tasks;

import java.time.Duration;

/**
 * A level-triggered task: it may be activated at any time, any number of times, and does what there is to do. On one node it runs once at a
 * time; on different nodes it may run at the same time.
 */
public interface BackgroundTask {
    /** Lower-case letters, digits and underscores, beginning with a letter; the same on every node. */
    String name();

    /** What it does, in one sentence for operators. */
    String description();

    /** At most this long passes between the beginnings of two activations, unless one of them takes longer. */
    Duration period();

    /**
     * Looks, and does what there is to do. It ends soon after it is interrupted.
     *
     * @throws Exception if it could not; it is activated again all the same, a period later at the latest
     */
    Result activate() throws Exception;

    /** Which form its details have: raised when a field changes its meaning or goes. */
    default int schema() {
        return 1;
    }
}
