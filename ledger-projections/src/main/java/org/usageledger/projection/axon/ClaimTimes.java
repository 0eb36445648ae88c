package org.usageledger.projection.axon;

import java.time.Duration;
import org.usageledger.projection.TransactionLimits;

/**
 * How long a projection stays with a node that is not heard of. By the database's clock.
 *
 * @param timeout after which another node may take it
 */
public record ClaimTimes(Duration timeout) {
    /** What a service uses. */
    public static final ClaimTimes USUAL = new ClaimTimes(Duration.ofSeconds(5));

    /** What one statement may take. */
    static final Duration STATEMENT = Duration.ofSeconds(60);

    /** Between two renewals of a claim that is held, and between two attempts to get one that is not. */
    Duration interval() {
        return timeout.dividedBy(5);
    }

    TransactionLimits limits() {
        return new TransactionLimits(timeout, timeout.dividedBy(2), STATEMENT);
    }
}
