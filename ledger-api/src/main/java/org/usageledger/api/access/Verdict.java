package org.usageledger.api.access;

import java.time.Duration;

/** What became of the question who sends a request. */
sealed interface Verdict {
    record Known(Caller caller) implements Verdict {}

    /** No token was sent. */
    record Missing() implements Verdict {}

    /** More than one answer to the question was sent, or one that is none. */
    record Ambiguous(String detail) implements Verdict {}

    /**
     * A token that proves nothing.
     *
     * @param detail what is wrong with it, with nothing of it quoted
     */
    record Refused(String detail) implements Verdict {}

    /** The token may be good: the keys that would show it cannot be had. */
    record KeysUnavailable(Duration retryAfter) implements Verdict {}
}
