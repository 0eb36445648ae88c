package org.usageledger.running;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.Body;
import org.usageledger.lifecycle.ResourceKind;

/**
 * One open run.
 *
 * @param since its first beginning's own time
 * @param sinceExact whether the resource is known to have begun then
 * @param instances null for service instances
 * @param memoryMb MB per instance; null for service instances
 * @param firstPosition of its first beginning
 * @param latestPosition of the latest beginning that sized it
 * @param latestBody that event's own fields as the platform sent them
 */
public record RunningResource(
        ResourceKind kind,
        String guid,
        Instant since,
        boolean sinceExact,
        @Nullable Integer instances,
        @Nullable Integer memoryMb,
        long firstPosition,
        long latestPosition,
        Body latestBody) {}
