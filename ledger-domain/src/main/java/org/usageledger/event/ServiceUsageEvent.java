package org.usageledger.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Lifecycle;

/**
 * Usage of a service instance.
 *
 * @param instanceType managed or user-provided, as the platform names it
 */
public record ServiceUsageEvent(
        String guid,
        Instant occurredAt,
        String state,
        Ref space,
        Ref organization,
        Ref instance,
        @Nullable String instanceType,
        Ref plan,
        Ref offering,
        Ref broker,
        Body body)
        implements UsageEvent {

    @Override
    public EventKind kind() {
        return EventKind.SERVICE;
    }

    @Override
    public @Nullable String previousState() {
        return null;
    }

    @Override
    public @Nullable String resourceKey(Lifecycle lifecycle) {
        return lifecycle == Lifecycle.SERVICE_INSTANCE ? instance.guid() : null;
    }
}
