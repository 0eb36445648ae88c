package org.usageledger.api.bench;

import java.time.Duration;

/**
 * How long and how often is measured.
 *
 * @param samples of each contender
 * @param sample time on the clock that one takes at least
 * @param storedEvents what a reader has before it
 * @param following how long a projection follows the append
 */
public record BenchPlan(int samples, Duration sample, int storedEvents, Duration following) {
    /** What figures that are told to others are made with. */
    public static final BenchPlan FULL = new BenchPlan(5, Duration.ofSeconds(5), 1_010_000, Duration.ofSeconds(20));

    /** Shows that everything works; its figures say nothing. */
    public static final BenchPlan QUICK = new BenchPlan(1, Duration.ofMillis(200), 20_000, Duration.ofSeconds(1));
}
