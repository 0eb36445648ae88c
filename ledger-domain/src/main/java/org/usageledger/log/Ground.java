package org.usageledger.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.EventIdentity;
import org.usageledger.lifecycle.Resource;

/**
 * What is known at one place of the queue: the snapshot, and on top of it what the requests before contributed. A tentative ground
 * lies over another one and is either adopted by it whole or dropped.
 */
final class Ground {
    private final @Nullable Ground below;
    private final Snapshot snapshot;
    private final Map<EventIdentity, Known> known = new HashMap<>();
    private final Map<Resource, Evidence> evidence = new HashMap<>();
    private final Map<Resource, Long> newest = new HashMap<>();
    private final List<Judgement.Row> rows = new ArrayList<>();
    private final Map<EventIdentity, Judgement.Aside> asides = new LinkedHashMap<>();
    private final List<Judgement.Release> releases = new ArrayList<>();
    private final Map<Resource, List<NewEvent>> laidAside = new HashMap<>();
    private final Set<EventIdentity> released = new HashSet<>();
    private long head;

    private Ground(@Nullable Ground below, Snapshot snapshot, long head) {
        this.below = below;
        this.snapshot = snapshot;
        this.head = head;
    }

    static Ground of(Snapshot snapshot) {
        return new Ground(null, snapshot, snapshot.head());
    }

    Ground tentative() {
        return new Ground(this, snapshot, head);
    }

    void adopt(Ground tentative) {
        head = tentative.head;
        known.putAll(tentative.known);
        evidence.putAll(tentative.evidence);
        newest.putAll(tentative.newest);
        rows.addAll(tentative.rows);
        asides.putAll(tentative.asides);
        releases.addAll(tentative.releases);
        released.addAll(tentative.released);
        tentative.laidAside.forEach((task, stops) ->
                laidAside.computeIfAbsent(task, t -> new ArrayList<>()).addAll(stops));
    }

    Instant forgottenBefore() {
        return snapshot.forgottenBefore();
    }

    @Nullable
    Known known(EventIdentity identity) {
        Known here = known.get(identity);
        if (here != null) {
            return here;
        }
        return below != null ? below.known(identity) : snapshot.known().get(identity);
    }

    Evidence evidence(Resource task) {
        Evidence here = evidence.get(task);
        if (here != null) {
            return here;
        }
        return below != null ? below.evidence(task) : snapshot.evidence().getOrDefault(task, Evidence.NONE);
    }

    /** Whether this was given in a history that was lost from before it on. */
    boolean isLost(Cursor seen) {
        return seen.position() > snapshot.forks().getOrDefault(seen.epoch(), Long.MAX_VALUE);
    }

    long newest(Resource resource) {
        Long here = newest.get(resource);
        if (here != null) {
            return here;
        }
        return below != null ? below.newest(resource) : snapshot.newest().getOrDefault(resource, 0L);
    }

    /** Gives the event the next position. */
    long record(NewEvent event) {
        head++;
        rows.add(new Judgement.Row(head, event));
        known.put(event.identity(), new Known.InLog(head, event.content()));
        event.resource().ifPresent(resource -> note(resource, event));
        return head;
    }

    private void note(Resource resource, NewEvent event) {
        if (snapshot.evidence().containsKey(resource)) {
            evidence.put(resource, evidence(resource).after(event.effect()));
        }
        if (snapshot.newest().containsKey(resource)) {
            newest.put(resource, head);
        }
    }

    void keepAside(NewEvent stop, SuppressionReason reason) {
        known.put(stop.identity(), new Known.Aside(reason, stop.content()));
        asides.put(stop.identity(), new Judgement.Aside(stop, reason, null));
        laidAside
                .computeIfAbsent(stop.resource().orElseThrow(), task -> new ArrayList<>())
                .add(stop);
    }

    /** The oldest stop of this task that waits for a beginning, null if none does. */
    @Nullable
    NewEvent nextWaiting(Resource task) {
        List<NewEvent> stops = new ArrayList<>(snapshot.waiting().getOrDefault(task, List.of()));
        addLaidAside(task, stops);
        for (NewEvent stop : stops) {
            if (!isReleased(stop)) {
                return stop;
            }
        }
        return null;
    }

    private void addLaidAside(Resource task, List<NewEvent> stops) {
        if (below != null) {
            below.addLaidAside(task, stops);
        }
        stops.addAll(laidAside.getOrDefault(task, List.of()));
    }

    private boolean isReleased(NewEvent stop) {
        return released.contains(stop.identity()) || (below != null && below.isReleased(stop));
    }

    /**
     * Records a stop that waited.
     *
     * @param sameRequest whether its own request brought the beginning: then it was never suppressed at all
     */
    long release(NewEvent stop, boolean sameRequest) {
        released.add(stop.identity());
        long position = record(stop);
        Judgement.Aside aside = aside(stop.identity());
        if (sameRequest) {
            asides.remove(stop.identity());
        } else if (aside != null) {
            asides.put(stop.identity(), new Judgement.Aside(stop, aside.reason(), position));
        } else {
            releases.add(new Judgement.Release(stop.identity(), position));
        }
        return position;
    }

    private Judgement.@Nullable Aside aside(EventIdentity identity) {
        Judgement.Aside here = asides.get(identity);
        return here != null || below == null ? here : below.aside(identity);
    }

    List<Judgement.Row> rows() {
        return rows;
    }

    List<Judgement.Aside> asides() {
        return List.copyOf(asides.values());
    }

    List<Judgement.Release> releases() {
        return releases;
    }
}
