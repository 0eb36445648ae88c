package org.usageledger.api.foundation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The hours in which the platform was down: what ended in them ended without an event. */
record Outages(List<Window> windows) {
    private static final long STREAM = -1;
    private static final int DAYS_BETWEEN = 13;
    private static final int SHORTEST_MINUTES = 60;
    private static final int LONGEST_MINUTES = 180;

    Outages {
        windows = List.copyOf(windows);
    }

    static Outages of(Blueprint blueprint) {
        RandomGenerator chance = blueprint.chance(STREAM);
        List<Window> windows = new ArrayList<>();
        int count = 1 + blueprint.days() / DAYS_BETWEEN;
        long share = Duration.ofDays(blueprint.days()).toSeconds() / count;
        for (int i = 0; i < count; i++) {
            Instant begin = blueprint.from().plusSeconds(i * share + chance.nextLong(share / 4, share));
            windows.add(new Window(
                    begin, begin.plus(Duration.ofMinutes(chance.nextLong(SHORTEST_MINUTES, LONGEST_MINUTES + 1)))));
        }
        return new Outages(windows);
    }

    boolean swallow(Instant at) {
        return windows.stream().anyMatch(window -> window.holds(at));
    }

    record Window(Instant begin, Instant end) {
        boolean holds(Instant at) {
            return !at.isBefore(begin) && at.isBefore(end);
        }
    }
}
