package org.usageledger.jobs.recovery;

/** What came of carrying a verdict out. A verdict without one is taken as {@link Deferred} or {@link Unanswered}. */
public sealed interface Outcome {

    /** Claimed, and entered by {@link LocalExecutions#claimed} before its thread was started. */
    record Claimed() implements Outcome {}

    /** The row is no longer what was listed: somebody was faster, or it has ended. */
    record Elsewhere() implements Outcome {}

    /** No room on this node in this pass. */
    record Deferred() implements Outcome {}

    /** The claim failed, or whether it was committed is not known. */
    record Failed(Failure failure) implements Outcome {}

    /** Looked up: it has ended. */
    record FoundEnded() implements Outcome {}

    /** Looked up: it is active, so that the listing should have shown it. */
    record FoundActive() implements Outcome {}

    /** Looked up: there is no such row, although it was acknowledged. */
    record FoundNothing() implements Outcome {}

    /** The look-up failed, or its row could not be decoded. */
    record Unanswered() implements Outcome {}
}
