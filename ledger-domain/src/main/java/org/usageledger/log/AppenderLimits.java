package org.usageledger.log;

import java.time.Duration;

/**
 * What the appender takes on at once, and how long it waits.
 *
 * @param queuedEvents events that may wait; beyond it callers are told to come back
 * @param queuedBytes bytes that may wait
 * @param transactionEvents events a transaction takes before it leaves the rest to the next one; a single larger request still fits
 * @param transactionBytes bytes a transaction takes likewise
 * @param requestDeadline how long a request may wait for its answer
 * @param lockTimeout how long to wait for the counter before asking who holds it; a holder whose client has been silent in a
 *     transaction older than this is terminated
 */
public record AppenderLimits(
        int queuedEvents,
        long queuedBytes,
        int transactionEvents,
        long transactionBytes,
        Duration requestDeadline,
        Duration lockTimeout) {

    public static final AppenderLimits DEFAULT =
            new AppenderLimits(100_000, 128L << 20, 5_000, 16L << 20, Duration.ofSeconds(10), Duration.ofSeconds(3));

    public AppenderLimits {
        if (queuedEvents < 1 || queuedBytes < 1 || transactionEvents < 1 || transactionBytes < 1) {
            throw new IllegalArgumentException("the appender's limits are at least 1");
        }
    }
}
