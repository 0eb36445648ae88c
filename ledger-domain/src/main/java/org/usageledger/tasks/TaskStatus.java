package org.usageledger.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * How a task is doing on one node, since its process started. Times are of the node's own clock.
 *
 * @param period how often it is activated at least
 * @param current what it does now
 * @param last the last activation that ended
 */
public record TaskStatus(String task, Duration period, Current current, Last last) {

    static TaskStatus before(String task, Duration period) {
        return new TaskStatus(task, period, new Idle(), new NeverCompleted());
    }

    /** What a task does now. */
    public sealed interface Current {}

    /** Nothing. */
    public record Idle() implements Current {}

    /**
     * An activation.
     *
     * @param iteration 1 for the first activation of the process
     */
    public record Running(Instant since, Reason reason, long iteration) implements Current {}

    /** The last activation that ended. */
    public sealed interface Last {}

    /** There was none in this process. */
    public record NeverCompleted() implements Last {}

    /**
     * How it ended.
     *
     * @param iteration 1 for the first activation of the process
     * @param elapsed between its beginning and its end
     * @param summary one line: what was done, or why it failed
     * @param schema which form the details have
     * @param details in the task's own words; empty if it failed without any
     */
    public record Completed(
            long iteration,
            Instant startedAt,
            Reason reason,
            Duration elapsed,
            Outcome outcome,
            String summary,
            int schema,
            Map<String, Object> details)
            implements Last {}
}
