package org.usageledger.jobs;

import java.time.Duration;

/**
 * How patient the nodes are.
 *
 * @param lease how long an execution stays with a node that is not heard of
 * @param period between two looks for work; leases are renewed as often
 * @param firstRetry after a failed attempt; doubled up to {@code lastRetry}
 * @param attempts after which an execution has failed
 * @param claims in a row that got no further than those before, after which an execution has failed: its attempts end without a word
 */
public record JobTimes(
        Duration lease, Duration period, Duration firstRetry, Duration lastRetry, int attempts, int claims) {

    /** What a service uses. */
    public static final JobTimes USUAL = new JobTimes(
            Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(60), 6, 20);

    public JobTimes {
        if (period.multipliedBy(3).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "a lease of " + lease + " needs a period of a third of it at most, not " + period);
        }
    }

    /** A transaction idle for longer than this is ended by the database, well before its lease is. */
    Duration idleTransaction() {
        return lease.dividedBy(2);
    }

    /** How long to wait before the next attempt, after so many failures. */
    Duration retryAfter(int failures) {
        Duration wait = firstRetry.multipliedBy(1L << Math.min(failures, 20));
        return wait.compareTo(lastRetry) < 0 ? wait : lastRetry;
    }
}
