package org.usageledger.jobs;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is known of an execution. Times are the database's.
 *
 * @param node that carries it out now
 * @param claims how often a node has taken it up
 * @param failures attempts that failed so far
 * @param error of the latest failed attempt
 * @param chunks done so far, each in a transaction of its own
 */
public record ExecutionView(
        UUID id,
        String job,
        String requestKey,
        Map<String, String> parameters,
        ExecutionState state,
        Optional<String> node,
        long claims,
        int failures,
        Optional<String> error,
        String createdBy,
        Instant createdAt,
        Instant progressedAt,
        Optional<Instant> finishedAt,
        long chunks,
        Optional<Progress> progress) {}
