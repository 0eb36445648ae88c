package org.usageledger.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.EventIdentity;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** The rules of recording as one would write them down: each request alone, one event after the other, everything looked up by scanning. */
final class NaiveLedger {
    /** A stop kept aside; recordedAt is null while it waits. */
    record Kept(
            NewEvent stop,
            SuppressionReason reason,
            @Nullable Long recordedAt) {}

    final List<NewEvent> log = new ArrayList<>();
    final List<Kept> asides = new ArrayList<>();
    /** By epoch: after which position nothing of it is left. */
    final Map<Integer, Long> forks = new HashMap<>();

    Instant forgottenBefore = Instant.MIN;

    /** Records what the request may record. */
    Judgement.Verdict append(AppendRequest request) {
        List<NewEvent> logBefore = List.copyOf(log);
        List<Kept> asidesBefore = List.copyOf(asides);
        List<Outcome> outcomes = new ArrayList<>();
        Set<EventIdentity> keptBefore = new HashSet<>();
        asides.forEach(kept -> keptBefore.add(kept.stop().identity()));
        Map<Resource, Long> failed = failedConditions(request);
        for (NewEvent event : request.events()) {
            outcomes.add(decide(event, failed));
            if (outcomes.getLast() instanceof Outcome.Recorded && event.effect().begins()) {
                release(event, keptBefore, request, outcomes);
            }
        }
        boolean refusing = outcomes.stream()
                .anyMatch(outcome -> outcome instanceof Outcome.Conflict || outcome instanceof Outcome.Forgotten);
        if (refusing && request.onConflict() == AppendRequest.OnConflict.REFUSE_REQUEST) {
            log.clear();
            log.addAll(logBefore);
            asides.clear();
            asides.addAll(asidesBefore);
            return new Judgement.Verdict.Refuse(outcomes);
        }
        return new Judgement.Verdict.Accept(outcomes);
    }

    private Map<Resource, Long> failedConditions(AppendRequest request) {
        Map<Resource, Long> failed = new HashMap<>();
        for (Condition condition : request.conditions()) {
            if (newest(condition.resource()) > condition.after().position()) {
                failed.put(condition.resource(), newest(condition.resource()));
            }
        }
        return failed;
    }

    private Outcome decide(NewEvent event, Map<Resource, Long> failed) {
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).identity().equals(event.identity())) {
                boolean same = log.get(i).content().equals(event.content());
                return same ? new Outcome.Duplicate(i + 1) : new Outcome.Conflict(i + 1);
            }
        }
        for (Kept kept : asides) {
            if (kept.stop().identity().equals(event.identity())) {
                boolean same = kept.stop().content().equals(event.content());
                return same ? new Outcome.Suppressed(kept.reason()) : new Outcome.Conflict(0);
            }
        }
        Optional<Long> newer = event.resource().map(failed::get);
        if (newer.isPresent()) {
            return new Outcome.ConditionFailed(newer.get());
        }
        if (event.occurredAt().isBefore(forgottenBefore)) {
            return new Outcome.Forgotten(forgottenBefore);
        }
        if (event.onlyIntoOpenRun() && !evidence(event.resource().orElseThrow()).open()) {
            SuppressionReason reason = evidence(event.resource().orElseThrow()).begun()
                    ? SuppressionReason.ALREADY_ENDED
                    : SuppressionReason.NO_START_ON_RECORD;
            asides.add(new Kept(event, reason, null));
            return new Outcome.Suppressed(reason);
        }
        log.add(event);
        return new Outcome.Recorded(log.size());
    }

    private void release(
            NewEvent beginning, Set<EventIdentity> keptBefore, AppendRequest request, List<Outcome> outcomes) {
        for (int i = 0; i < asides.size(); i++) {
            Kept kept = asides.get(i);
            if (kept.recordedAt() != null || !kept.stop().resource().equals(beginning.resource())) {
                continue;
            }
            log.add(kept.stop());
            if (keptBefore.contains(kept.stop().identity())) {
                asides.set(i, new Kept(kept.stop(), kept.reason(), (long) log.size()));
            } else {
                asides.remove(i);
            }
            tellCopies(kept.stop(), request, outcomes);
            return;
        }
    }

    private void tellCopies(NewEvent stop, AppendRequest request, List<Outcome> outcomes) {
        boolean told = false;
        for (int i = 0; i < outcomes.size(); i++) {
            NewEvent copy = request.events().get(i);
            if (copy.identity().equals(stop.identity()) && outcomes.get(i) instanceof Outcome.Suppressed) {
                outcomes.set(i, told ? new Outcome.Duplicate(log.size()) : new Outcome.Recorded(log.size()));
                told = true;
            }
        }
    }

    Evidence evidence(Resource resource) {
        boolean begun = false;
        boolean open = false;
        for (NewEvent event : log) {
            if (event.resource().filter(resource::equals).isPresent()) {
                begun |= event.effect().begins();
                open = event.effect().begins() || (open && event.effect().code() == 0);
            }
        }
        return new Evidence(begun, open);
    }

    long newest(Resource resource) {
        for (int i = log.size(); i > 0; i--) {
            if (log.get(i - 1).resource().filter(resource::equals).isPresent()) {
                return i;
            }
        }
        return 0;
    }

    /** What a transaction that carries these requests would read of this ledger. */
    Snapshot snapshot(List<AppendRequest> requests) {
        Map<EventIdentity, Known> known = new HashMap<>();
        for (Kept kept : asides) {
            known.put(
                    kept.stop().identity(),
                    new Known.Aside(kept.reason(), kept.stop().content()));
        }
        for (int i = 0; i < log.size(); i++) {
            known.put(log.get(i).identity(), new Known.InLog(i + 1, log.get(i).content()));
        }
        Map<Resource, Evidence> evidence = new HashMap<>();
        Map<Resource, List<NewEvent>> waiting = new LinkedHashMap<>();
        Map<Resource, Long> newest = new HashMap<>();
        for (Resource resource : resources(requests)) {
            if (resource.kind() == ResourceKind.TASK) {
                evidence.put(resource, evidence(resource));
                waiting.put(resource, waiting(resource));
            }
            newest.put(resource, newest(resource));
        }
        return new Snapshot(log.size(), forgottenBefore, known, evidence, waiting, newest, forks);
    }

    private static Set<Resource> resources(List<AppendRequest> requests) {
        Set<Resource> resources = new HashSet<>();
        for (AppendRequest request : requests) {
            request.events().forEach(event -> event.resource().ifPresent(resources::add));
            request.conditions().forEach(condition -> resources.add(condition.resource()));
        }
        return resources;
    }

    private List<NewEvent> waiting(Resource task) {
        return asides.stream()
                .filter(kept -> kept.recordedAt() == null)
                .map(Kept::stop)
                .filter(stop -> stop.resource().filter(task::equals).isPresent())
                .toList();
    }
}
