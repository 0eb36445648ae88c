package org.usageledger.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.EventIdentity;
import org.usageledger.lifecycle.Resource;

/** One request before the judge: its events in order, each decided on what is known at its place. */
final class Hearing {
    private final Ground ground;
    private final Map<Resource, Outcome.ConditionFailed> failedConditions = new HashMap<>();
    /** Stops in this very request that wait for their beginning, with the places of all their copies: their outcomes can still change. */
    private final Map<EventIdentity, List<Integer>> waitingHere = new HashMap<>();

    /** Those of them that nobody brought before. */
    private final Set<EventIdentity> laidAsideHere = new HashSet<>();

    private final List<Outcome> outcomes;

    Hearing(AppendRequest request, Ground ground) {
        this.ground = ground;
        this.outcomes = new ArrayList<>(request.events().size());
        for (Condition condition : request.conditions()) {
            long newest = ground.newest(condition.resource());
            if (newest > condition.after().position() || ground.isLost(condition.after())) {
                failedConditions.put(condition.resource(), new Outcome.ConditionFailed(newest));
            }
        }
        List<NewEvent> events = request.events();
        for (int i = 0; i < events.size(); i++) {
            outcomes.add(decide(events.get(i), i));
            releaseAfter(events.get(i), i);
        }
    }

    /** One per event, in the request's order. */
    List<Outcome> outcomes() {
        return outcomes;
    }

    Ground ground() {
        return ground;
    }

    private Outcome decide(NewEvent event, int index) {
        // Before the condition: an append in doubt is tried again with the same guids, and its own events are newer
        // than its
        // decision.
        Known known = ground.known(event.identity());
        if (known != null) {
            return seenBefore(event, known, index);
        }
        Outcome failed = failedCondition(event);
        if (failed != null) {
            return failed;
        }
        if (event.occurredAt().isBefore(ground.forgottenBefore())) {
            return new Outcome.Forgotten(ground.forgottenBefore());
        }
        if (event.onlyIntoOpenRun()) {
            Evidence evidence = ground.evidence(event.resource().orElseThrow());
            if (!evidence.open()) {
                laidAsideHere.add(event.identity());
                waitsHere(event, index);
                ground.keepAside(event, evidence.whyNot());
                return new Outcome.Suppressed(evidence.whyNot());
            }
        }
        return new Outcome.Recorded(ground.record(event));
    }

    private @Nullable Outcome failedCondition(NewEvent event) {
        return failedConditions.isEmpty()
                ? null
                : event.resource().map(failedConditions::get).orElse(null);
    }

    private Outcome seenBefore(NewEvent event, Known known, int index) {
        boolean same = known.content().equals(event.content());
        return switch (known) {
            case Known.InLog inLog ->
                same ? new Outcome.Duplicate(inLog.position()) : new Outcome.Conflict(inLog.position());
            case Known.Aside aside -> same ? suppressedAgain(event, aside, index) : new Outcome.Conflict(0);
        };
    }

    private Outcome suppressedAgain(NewEvent event, Known.Aside aside, int index) {
        waitsHere(event, index);
        return new Outcome.Suppressed(aside.reason());
    }

    private void waitsHere(NewEvent stop, int index) {
        waitingHere.computeIfAbsent(stop.identity(), first -> new ArrayList<>()).add(index);
    }

    /** A task's late beginning: the stop that waited for it follows at once, in the same transaction. */
    private void releaseAfter(NewEvent event, int index) {
        boolean begins = outcomes.get(index) instanceof Outcome.Recorded
                && event.effect().begins();
        if (!begins || event.resource().isEmpty()) {
            return;
        }
        NewEvent stop = ground.nextWaiting(event.resource().get());
        if (stop == null) {
            return;
        }
        long position = ground.release(stop, laidAsideHere.contains(stop.identity()));
        List<Integer> here = waitingHere.getOrDefault(stop.identity(), List.of());
        for (int copy : here) {
            boolean first = copy == here.getFirst();
            outcomes.set(copy, first ? new Outcome.Recorded(position) : new Outcome.Duplicate(position));
        }
    }
}
