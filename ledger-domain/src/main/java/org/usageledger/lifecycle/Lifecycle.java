package org.usageledger.lifecycle;

import java.util.Map;
import java.util.Optional;

/** Which states of the platform begin and end the runs of which kind of resource. */
public enum Lifecycle {
    PROCESS(
            EventKind.APP,
            ResourceKind.PROCESS,
            Map.of("STARTED", Effect.BEGINS, "WAS_RUNNING", Effect.BEGINS_AS_BASELINE, "STOPPED", Effect.ENDS)),
    TASK(
            EventKind.APP,
            ResourceKind.TASK,
            Map.of(
                    "TASK_STARTED", Effect.BEGINS,
                    "TASK_WAS_RUNNING", Effect.BEGINS_AS_BASELINE,
                    "TASK_STOPPED", Effect.ENDS)),
    SERVICE_INSTANCE(
            EventKind.SERVICE,
            ResourceKind.SERVICE_INSTANCE,
            Map.of(
                    "CREATED", Effect.BEGINS,
                    "UPDATED", Effect.BEGINS,
                    "WAS_RUNNING", Effect.BEGINS_AS_BASELINE,
                    "DELETED", Effect.ENDS)),
    STAGING(
            EventKind.APP,
            ResourceKind.STAGING,
            Map.of("STAGING_STARTED", Effect.BEGINS, "STAGING_STOPPED", Effect.ENDS));

    private final EventKind eventKind;
    private final ResourceKind resourceKind;
    private final Map<String, Effect> effects;

    Lifecycle(EventKind eventKind, ResourceKind resourceKind, Map<String, Effect> effects) {
        this.eventKind = eventKind;
        this.resourceKind = resourceKind;
        this.effects = effects;
    }

    /** The lifecycle that declares this state, if any does. */
    public static Optional<Lifecycle> declaring(EventKind kind, String state) {
        for (Lifecycle lifecycle : values()) {
            if (lifecycle.eventKind == kind && lifecycle.effects.containsKey(state)) {
                return Optional.of(lifecycle);
            }
        }
        return Optional.empty();
    }

    /** The lifecycle of this kind of resource. */
    public static Lifecycle of(ResourceKind kind) {
        for (Lifecycle lifecycle : values()) {
            if (lifecycle.resourceKind == kind) {
                return lifecycle;
            }
        }
        throw new IllegalArgumentException("no lifecycle is declared for " + kind);
    }

    /** The state that ends a run. */
    public String endingState() {
        return stateWith(Effect.ENDS).orElseThrow();
    }

    /** The state of a baseline; empty where there is none, because nobody lists such resources. */
    public Optional<String> baselineState() {
        return stateWith(Effect.BEGINS_AS_BASELINE);
    }

    private Optional<String> stateWith(Effect effect) {
        return effects.entrySet().stream()
                .filter(declared -> declared.getValue() == effect)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What a state does to a run of this lifecycle; {@link Effect#NONE} for a state it does not declare. */
    public Effect effectOf(String state) {
        return effects.getOrDefault(state, Effect.NONE);
    }

    public ResourceKind resourceKind() {
        return resourceKind;
    }

    /** The stream that its events come in. */
    public EventKind eventKind() {
        return eventKind;
    }
}
