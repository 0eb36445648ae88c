package org.usageledger.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Lifecycle;

/**
 * Usage of a process, a task or a staging.
 *
 * @param process guid and type
 * @param memory MB per instance
 */
public record AppUsageEvent(
        String guid,
        Instant occurredAt,
        String state,
        @Nullable String previousState,
        Ref app,
        Ref process,
        Ref space,
        Ref organization,
        Ref buildpack,
        Ref task,
        Change memory,
        Change instances,
        Body body)
        implements UsageEvent {

    @Override
    public EventKind kind() {
        return EventKind.APP;
    }

    @Override
    public @Nullable String resourceKey(Lifecycle lifecycle) {
        return switch (lifecycle) {
            case PROCESS -> process.guid();
            case TASK -> task.guid();
            case STAGING -> app.guid();
            case SERVICE_INSTANCE -> null;
        };
    }
}
