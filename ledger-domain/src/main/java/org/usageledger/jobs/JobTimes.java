package org.usageledger.jobs;

import java.time.Duration;

/**
 * How patient the nodes are, and how much they do at a time.
 *
 * @param lease how long an execution stays with a node that is not heard of
 * @param period between two heartbeats; leases are renewed as often
 * @param firstRetry after a failed attempt; doubled up to {@code lastRetry}
 * @param attempts without getting any further, after which an execution has failed; after as many tries to clean up it is stuck
 * @param claims in a row that got no further than those before, after which an execution has failed: its attempts end without a word
 * @param concurrent executions that a node carries out at a time; more wait
 * @param connections to the database that they share
 * @param keptDays after its end from which on an execution is forgotten
 */
public record JobTimes(
        Duration lease,
        Duration period,
        Duration firstRetry,
        Duration lastRetry,
        int attempts,
        int claims,
        int concurrent,
        int connections,
        int keptDays) {
    private static final int USUAL_CONCURRENT = 16;
    private static final int USUAL_CONNECTIONS = 3;
    private static final int USUAL_KEPT_DAYS = 90;

    /** What a service uses. */
    public static final JobTimes USUAL = new JobTimes(
            Duration.ofSeconds(8), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(60), 10, 20);

    public JobTimes {
        if (period.multipliedBy(3).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "a lease of " + lease + " needs a period of a third of it at most, not " + period);
        }
        if (concurrent < 1 || connections < 1) {
            throw new IllegalArgumentException("a node carries out at least one execution, on at least one connection");
        }
    }

    /** The same, with as many executions and connections as a service uses. */
    public JobTimes(
            Duration lease, Duration period, Duration firstRetry, Duration lastRetry, int attempts, int claims) {
        this(
                lease,
                period,
                firstRetry,
                lastRetry,
                attempts,
                claims,
                USUAL_CONCURRENT,
                USUAL_CONNECTIONS,
                USUAL_KEPT_DAYS);
    }

    /** The same, with room for so many executions at a time. */
    public JobTimes with(int executions) {
        return new JobTimes(lease, period, firstRetry, lastRetry, attempts, claims, executions, connections, keptDays);
    }

    /** The same, with executions forgotten so many days after their end. */
    public JobTimes keeping(int days) {
        return new JobTimes(lease, period, firstRetry, lastRetry, attempts, claims, concurrent, connections, days);
    }

    /** A transaction idle for longer than this is ended by the database, well before its lease is. */
    Duration idleTransaction() {
        return lease.dividedBy(2);
    }

    /** Between two looks for work that nothing else asked for. */
    Duration look() {
        return lease.dividedBy(2);
    }

    /** How long to wait before the next attempt, after so many failures. */
    Duration retryAfter(int failures) {
        Duration wait = firstRetry.multipliedBy(1L << Math.min(failures, 20));
        return wait.compareTo(lastRetry) < 0 ? wait : lastRetry;
    }
}
