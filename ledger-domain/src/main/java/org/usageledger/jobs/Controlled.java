package org.usageledger.jobs;

import java.time.Instant;

/** The answer to the wish to stop an execution. */
public sealed interface Controlled {

    /** It is so, or will be after the chunk that is under way. */
    record Accepted() implements Controlled {}

    /** It has ended before. */
    record Ended(ExecutionState state) implements Controlled {}

    /** It cleans up already. */
    record Unwinding() implements Controlled {}

    /** A node that may live has it: it can be cancelled, or given up by force. */
    record Held(String node, Instant leaseUntil) implements Controlled {}

    /** The chunk that is under way has taken longer than anybody waits here. */
    record Busy() implements Controlled {}

    record NoSuchExecution() implements Controlled {}
}
