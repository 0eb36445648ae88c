package org.usageledger.decision;

import java.time.Instant;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Cursor;

/** Why nothing is to be recorded, and asking again changes nothing. */
public sealed interface Refusal {
    /** It runs already, since the event at this position. */
    record AlreadyRuns(long opened) implements Refusal {}

    /** No run is open that could be ended. */
    record NotRunning() implements Refusal {}

    /** Something is on record that the list cannot know of. */
    record NewerThanList(long newest) implements Refusal {}

    /** Resources of this kind are not listed: their lifecycle has no baseline. */
    record NoBaseline(ResourceKind kind) implements Refusal {}

    /** Another event of that guid is on record, or kept aside (position 0). */
    record OtherContent(long position) implements Refusal {}

    /** What the command or its run's beginning says makes no event of this resource. */
    record Unreadable(String reason) implements Refusal {}

    /** The list is of a history that was lost: what it says is not about what is on record. */
    record ForkedList(Cursor goOn) implements Refusal {}

    /** Older than what the ledger remembers identities of. */
    record Forgotten(Instant forgottenBefore) implements Refusal {}
}
