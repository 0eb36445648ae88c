package org.usageledger.jobs.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A pass that went through.
 *
 * @param list how long the listing took
 * @param execute how long carrying the plan out took
 */
public record Pass(Plan plan, Map<UUID, Outcome> outcomes, Instant at, Duration list, Duration execute) {
    public Pass {
        outcomes = Map.copyOf(outcomes);
    }
}
