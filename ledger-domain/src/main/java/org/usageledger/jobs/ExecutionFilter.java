package org.usageledger.jobs;

import java.time.Duration;
import java.util.Optional;

/**
 * Which executions are asked for; what is empty asks for nothing.
 *
 * @param stillFor active, and without progress for so long
 */
public record ExecutionFilter(Optional<String> job, Optional<ExecutionState> state, Optional<Duration> stillFor) {
    /** Every execution. */
    public static final ExecutionFilter ALL = new ExecutionFilter(Optional.empty(), Optional.empty(), Optional.empty());

    /** Those of one job. */
    public static ExecutionFilter of(String job) {
        return new ExecutionFilter(Optional.of(job), Optional.empty(), Optional.empty());
    }
}
