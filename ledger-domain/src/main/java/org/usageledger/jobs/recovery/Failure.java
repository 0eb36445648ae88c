package org.usageledger.jobs.recovery;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An attempt at an execution that failed.
 *
 * @param epoch of the claim it was made under, or of the row that was to be claimed
 * @param transientOne whether it is tried again
 * @param attempt counted from 1
 * @param nextAttemptAt empty if there is none, or if the database has not been told
 */
public record Failure(
        Instant at,
        UUID execution,
        String job,
        long epoch,
        boolean transientOne,
        int attempt,
        Optional<Instant> nextAttemptAt,
        String message) {}
