package org.usageledger.api.cli;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long and how often a call is tried again.
 *
 * @param total after this long without an answer the command fails
 * @param first the wait after the first failure, doubled after each
 * @param longest no wait is longer, unless the service asks for it
 */
record Patience(Duration total, Duration first, Duration longest) {
    /** A service that asks for more than this is not waited for longer. */
    private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration ENDLESS = Duration.ofDays(36_500);
    private static final int DOUBLINGS = 10;

    static Patience of(Duration total) {
        return new Patience(total, FIRST, LONGEST);
    }

    static Patience endless() {
        return of(ENDLESS);
    }

    /** The wait before the given retry (0 = first), with up to half of it taken off by chance, so that callers spread. */
    Duration before(int retry) {
        Duration full = first.multipliedBy(1L << Math.min(retry, DOUBLINGS));
        Duration capped = full.compareTo(longest) > 0 ? longest : full;
        return capped.minusNanos(ThreadLocalRandom.current().nextLong(capped.toNanos() / 2 + 1));
    }

    /** What its owner may be told when the waiting begins. */
    String promise() {
        return total.compareTo(ENDLESS) < 0 ? "Trying again for up to " + Durations.text(total) + "." : "Trying again.";
    }

    static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
    }
}
