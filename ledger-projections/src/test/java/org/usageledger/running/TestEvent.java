package org.usageledger.running;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** An event as the typed columns of the log have it. */
public record TestEvent(
        @Nullable Resource resource,
        Effect effect,
        boolean exact,
        Instant occurredAt,
        @Nullable Integer instances,
        @Nullable Integer memoryMb,
        @Nullable String organization,
        @Nullable String space,
        @Nullable String app) {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    public static TestEvent begins(ResourceKind kind, String key) {
        return of(kind, key, Effect.BEGINS);
    }

    public static TestEvent ends(ResourceKind kind, String key) {
        return of(kind, key, Effect.ENDS);
    }

    public static TestEvent of(ResourceKind kind, String key, Effect effect) {
        boolean service = kind == ResourceKind.SERVICE_INSTANCE;
        return new TestEvent(
                new Resource(kind, key),
                effect,
                effect != Effect.BEGINS_AS_BASELINE,
                NOON,
                service ? null : (Integer) 1,
                service ? null : (Integer) 256,
                "org-1",
                "space-1",
                service ? null : "app-1");
    }

    public TestEvent at(Instant time) {
        return new TestEvent(resource, effect, exact, time, instances, memoryMb, organization, space, app);
    }

    public TestEvent sized(int newInstances, int newMemoryMb) {
        return new TestEvent(resource, effect, exact, occurredAt, newInstances, newMemoryMb, organization, space, app);
    }

    public TestEvent in(String newOrganization, String newSpace, @Nullable String newApp) {
        return new TestEvent(
                resource, effect, exact, occurredAt, instances, memoryMb, newOrganization, newSpace, newApp);
    }
}
