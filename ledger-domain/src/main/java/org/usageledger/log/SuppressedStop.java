package org.usageledger.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.Body;

/**
 * A task stop that came without an open run.
 *
 * @param number in the order they came; not a position
 * @param occurredAt the platform's clock
 * @param task the task's guid
 * @param previousState of the task, as the platform says; RUNNING means that a beginning is missing
 * @param recordedPosition where it was recorded after all, once a beginning had arrived; null while it waits
 */
public record SuppressedStop(
        long number,
        SuppressionReason reason,
        Instant suppressedAt,
        Instant occurredAt,
        String guid,
        String task,
        @Nullable String previousState,
        @Nullable String app,
        @Nullable String space,
        @Nullable String organization,
        @Nullable Long recordedPosition,
        Body body) {}
