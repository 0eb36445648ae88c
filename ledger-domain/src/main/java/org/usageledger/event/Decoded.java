package org.usageledger.event;

import java.util.List;

/** What became of one event's JSON. */
public sealed interface Decoded {

    /** Valid: what its lifecycle needs is there. */
    record Event(UsageEvent event) implements Decoded {}

    /** Every problem found, at least one. */
    record Malformed(List<EventProblem> problems) implements Decoded {
        public Malformed {
            problems = List.copyOf(problems);
        }
    }

    /** Beyond {@link EventLimits#eventBytes()}. */
    record TooLarge(int index, int limitBytes) implements Decoded {}
}
