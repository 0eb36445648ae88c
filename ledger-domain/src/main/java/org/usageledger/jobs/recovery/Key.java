package org.usageledger.jobs.recovery;

import java.util.UUID;

/**
 * One claim of an execution.
 *
 * @param epoch the claim's fencing token, raised by each claim
 */
public record Key(UUID execution, long epoch) {
    /** The epoch that an execution is inserted with by the node that starts it. */
    public static final long FIRST_EPOCH = 1;

    static Key first(UUID execution) {
        return new Key(execution, FIRST_EPOCH);
    }
}
