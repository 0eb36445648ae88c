package org.usageledger.event;

import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.Lifecycle;

/** Whether an event's own time is the true time at which its run began or ended. */
public final class Exactness {
    private Exactness() {}

    /**
     * True if this event, should it open (or close) a run, did so at its own {@code occurred_at}.
     *
     * <p>A start is inexact for a baseline, for a seeded event (written by a reseed, or named after its resource), for an update
     * of a service instance whose creation is not on record, and for a start whose previous state says that it ran already. An
     * end is inexact if a repair wrote it.
     */
    public static boolean of(UsageEvent event, Origin origin) {
        return event.lifecycle()
                .map(lifecycle -> switch (lifecycle.effectOf(event.state())) {
                    case NONE -> true;
                    case BEGINS_AS_BASELINE -> false;
                    case BEGINS -> startIsExact(event, origin, lifecycle);
                    case ENDS -> endIsExact(event, origin, lifecycle);
                })
                .orElse(true);
    }

    private static boolean startIsExact(UsageEvent event, Origin origin, Lifecycle lifecycle) {
        return origin == Origin.PLATFORM
                && !event.namedAfterItsResource()
                && !event.state().equals("UPDATED")
                && !ranBefore(event, lifecycle);
    }

    private static boolean ranBefore(UsageEvent event, Lifecycle lifecycle) {
        String previous = event.previousState();
        return previous != null && lifecycle.effectOf(previous).begins();
    }

    private static boolean endIsExact(UsageEvent event, Origin origin, Lifecycle lifecycle) {
        String previous = event.previousState();
        boolean repaired = previous != null && lifecycle.effectOf(previous) == Effect.BEGINS_AS_BASELINE;
        return origin == Origin.PLATFORM && !repaired;
    }
}
