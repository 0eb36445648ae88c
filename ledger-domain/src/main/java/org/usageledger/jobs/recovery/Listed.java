package org.usageledger.jobs.recovery;

import java.util.UUID;

/** A row of the listing of all active executions: pending, running or unwinding. */
public sealed interface Listed {

    UUID execution();

    /**
     * Waits for a node.
     *
     * @param epoch of the last claim; 0 if it was never claimed
     * @param due whether its next attempt may begin, by the database's clock
     */
    record Pending(UUID execution, String job, long epoch, int generation, boolean due) implements Listed {}

    /**
     * Is claimed.
     *
     * @param leaseExpired by the database's clock
     * @param unwinding whether it is being taken back instead of carried on
     */
    record Owned(
            UUID execution,
            String job,
            long epoch,
            int generation,
            String node,
            long incarnation,
            boolean leaseExpired,
            boolean ownerExpunged,
            boolean unwinding)
            implements Listed {}

    /** Cannot be decoded. It is there all the same: left out, it would look finished. */
    record Unreadable(UUID execution, String problem) implements Listed {}
}
