package org.usageledger.log;

import java.time.Duration;
import java.util.List;

/** The log's answer to one request. Anything but {@link Done} has recorded nothing of it, {@link Unknown} excepted. */
public sealed interface AppendResult {

    /**
     * Durable: what is recorded survives the loss of power.
     *
     * @param outcomes one per event, in the request's order
     * @param head the head after the transaction that recorded it
     */
    record Done(List<Outcome> outcomes, Cursor head) implements AppendResult {}

    /** The request asked to be atomic and at least one event cannot be recorded. Outcomes in the request's order. */
    record Refused(List<Outcome> outcomes) implements AppendResult {}

    /** The execution that appends has lost its claim. */
    record Fenced() implements AppendResult {}

    /** The node that was asked is expunged: it recorded nothing, and never will. */
    record NodeExpunged(String node) implements AppendResult {}

    /** The queue is full, or the request waited too long although nothing failed: nothing was taken. */
    record Overloaded(Duration retryAfter) implements AppendResult {}

    /** The database refuses this request's values, or cannot be reached: nothing was recorded. */
    record Failed(Exception cause, boolean retryable) implements AppendResult {}

    /** The connection broke while committing and the truth could not be found out in time: retry with the same guids. */
    record Unknown(Duration retryAfter) implements AppendResult {}
}
