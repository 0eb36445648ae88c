package org.usageledger.jobs;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * What is known of an execution. Times are the database's.
 *
 * @param owner who carries it out now
 * @param claims how often a node has taken it up
 * @param failures attempts that failed so far
 * @param error of the latest failed attempt
 * @param nextAttemptAt when it may be taken up again, while it waits after a failed attempt
 * @param cancelling who asked it to stop
 * @param abandoned who gave it up
 * @param chunks done so far, each in a transaction of its own
 * @param step the last one that recorded anything; 0 if none has
 * @param rate positions a second, over its last minute in this step; empty where nothing can be said
 */
public record ExecutionView(
        UUID id,
        String job,
        String requestKey,
        Map<String, String> parameters,
        ExecutionState state,
        Optional<Owner> owner,
        long claims,
        int failures,
        Optional<String> error,
        Optional<Instant> nextAttemptAt,
        Optional<Said> cancelling,
        Optional<Abandoned> abandoned,
        String createdBy,
        Instant createdAt,
        Instant progressedAt,
        Optional<Instant> finishedAt,
        long chunks,
        int step,
        Optional<Progress> progress,
        OptionalDouble rate) {

    /**
     * Who carries it out.
     *
     * @param leaseUntil when others may take it if this node is not heard of
     */
    public record Owner(String node, long incarnation, Instant leaseUntil) {}

    /** What an operator wanted, and why. */
    public record Said(String by, String why, Instant at) {}

    /**
     * It was given up.
     *
     * @param reason operator, unrecoverable or orphaned
     */
    public record Abandoned(String reason, Said said) {}

    /** When it reaches its goal if it goes on like this. Of this step: what comes after it takes its own time. */
    public Optional<Instant> expectedAt() {
        if (!state.active() || progress.isEmpty() || rate.isEmpty() || rate.getAsDouble() <= 0) {
            return Optional.empty();
        }
        double seconds = (progress.get().goal() - progress.get().position()) / rate.getAsDouble();
        return seconds < 0 || seconds > MOST_SECONDS
                ? Optional.empty()
                : Optional.of(progressedAt.plusSeconds(Math.round(seconds)));
    }

    /** Ten years: what takes longer is not estimated. */
    private static final double MOST_SECONDS = 10 * 365.0 * 24 * 3600;
}
