package org.usageledger.log;

import java.time.Instant;

/** What became of one event of a request. */
public sealed interface Outcome {
    /** It is in the log for good. */
    record Recorded(long position) implements Outcome {}

    /** It was recorded before, with the same content, at this position. */
    record Duplicate(long position) implements Outcome {}

    /** A task stop without an open run: kept aside, not in the log. */
    record Suppressed(SuppressionReason reason) implements Outcome {}

    /** Another event with the same identity and other content was recorded (or suppressed: position 0) before. */
    record Conflict(long position) implements Outcome {}

    /** Unseen, and older than what the ledger remembers identities of. */
    record Forgotten(Instant forgottenBefore) implements Outcome {}

    /** Its resource has a newer event than the one decided on. */
    record ConditionFailed(long newest) implements Outcome {}

    /** Whether an atomic request with this outcome is refused whole. */
    default boolean refuses() {
        return this instanceof Conflict || this instanceof Forgotten;
    }
}
