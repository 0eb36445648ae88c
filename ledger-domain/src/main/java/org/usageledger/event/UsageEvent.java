package org.usageledger.event;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Lifecycle;
import org.usageledger.lifecycle.Resource;

/** One usage event of the platform, decoded and valid: what its lifecycle needs is there. */
public sealed interface UsageEvent permits AppUsageEvent, ServiceUsageEvent {

    EventKind kind();

    /** The platform's guid of the event; no identity by itself, see {@link EventIdentity}. */
    String guid();

    /** The platform's clock; {@code created_at} in the Cloud Foundry shape. */
    Instant occurredAt();

    String state();

    @Nullable
    String previousState();

    Ref space();

    Ref organization();

    Body body();

    /** The guid that the lifecycle of this event's state goes by, null where the platform sent none. */
    @Nullable
    String resourceKey(Lifecycle lifecycle);

    /** The lifecycle that declares this event's state, if any does. */
    default Optional<Lifecycle> lifecycle() {
        return Lifecycle.declaring(kind(), state());
    }

    /** What this event is about; empty for a state that nobody declared and for details such as BUILDPACK_SET. */
    default Optional<Resource> resource() {
        return lifecycle()
                .flatMap(lifecycle -> Optional.ofNullable(resourceKey(lifecycle))
                        .filter(key -> !key.isEmpty())
                        .map(key -> new Resource(lifecycle.resourceKind(), key)));
    }

    /** What this event does to its resource's run. */
    default Effect effect() {
        return lifecycle().map(lifecycle -> lifecycle.effectOf(state())).orElse(Effect.NONE);
    }

    /** Whether the guid is the resource's own, as the platform's reseed writes it. */
    default boolean namedAfterItsResource() {
        return resource().map(Resource::key).filter(guid()::equals).isPresent();
    }
}
