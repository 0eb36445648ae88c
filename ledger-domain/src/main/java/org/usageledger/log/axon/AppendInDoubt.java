package org.usageledger.log.axon;

import java.time.Duration;

/** Whether the append was recorded could not be found out in time: neither a success nor a conflict. Try again with the same guids. */
public final class AppendInDoubt extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    AppendInDoubt(Duration retryAfter) {
        super("it is not known whether the append was recorded");
        this.retryAfter = retryAfter;
    }

    /** When to ask again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
