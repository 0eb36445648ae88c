package org.usageledger.decision;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a command is tried when something newer of its resource came in between. Rare outside a race for one resource, where pauses of random length let one
 * of the racers through.
 *
 * @param tries at most, the first one counted
 * @param longestPause between two tries
 * @param deadline after which none is begun
 */
public record Retries(int tries, Duration longestPause, Duration deadline) {
    /** A race of a few dozen for one resource is over after five tries; nobody waits longer for an answer that would be the same. */
    public static final Retries USUAL = new Retries(5, Duration.ofMillis(50), Duration.ofSeconds(10));

    public Retries {
        if (tries < 1 || longestPause.isNegative() || deadline.isNegative()) {
            throw new IllegalArgumentException("a command is tried at least once, in no time less than none");
        }
    }

    /** Whether one more try may be begun. */
    public boolean goOn(int made, Duration passed) {
        return made < tries && passed.compareTo(deadline) < 0;
    }

    /** How long to wait before the next one: any time up to the longest, so that two that collided do not again. */
    public Duration pause(RandomGenerator random) {
        return Duration.ofNanos(random.nextLong(longestPause.toNanos() + 1));
    }
}
