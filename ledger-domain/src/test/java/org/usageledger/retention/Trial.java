package org.usageledger.retention;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.Run;

/** One resource's random history, from which one variant of retention deletes; and what is wrong with what is left. */
final class Trial {
    private static final int MOST_EVENTS = 24;
    private static final List<Effect> EFFECTS = List.of(
            Effect.BEGINS,
            Effect.BEGINS,
            Effect.BEGINS,
            Effect.BEGINS_AS_BASELINE,
            Effect.ENDS,
            Effect.ENDS,
            Effect.NONE);

    private final Variant variant;
    private final List<Aged> events;
    /** Old now, and what is old at a later time as well. */
    private final List<Aged> later;

    private final long hold;
    private final Set<Breach> breaches = EnumSet.noneOf(Breach.class);

    /** What retention must not do. */
    enum Breach {
        /** Something else went than what the rule lets go. */
        NOT_THE_RULE,
        /** Another run is open by what is left, or since another time, or of another size. */
        OTHER_RUNS,
        /** The same, while deleting was under way. */
        OTHER_RUNS_MEANWHILE,
        /** Deleting a second time finds something. */
        NOT_SETTLED,
        /** Deleting twice, the second time later, leaves something else than deleting once, later. */
        DEPENDS_ON_WHEN
    }

    Trial(RandomGenerator random, Variant variant) {
        this.variant = variant;
        events = new ArrayList<>();
        later = new ArrayList<>();
        int count = 1 + random.nextInt(MOST_EVENTS);
        int cutOff = random.nextInt(count + 2);
        int laterCutOff = Math.min(count, cutOff + random.nextInt(6));
        long position = 0;
        for (int i = 0; i < count; i++) {
            position += 1 + random.nextInt(3);
            Effect effect = EFFECTS.get(random.nextInt(EFFECTS.size()));
            // Clocks are not to be relied on: one event in eight is of another time than its neighbours.
            boolean skewed = random.nextInt(8) == 0;
            boolean old = i < cutOff ^ skewed;
            events.add(new Aged(position, effect, old));
            later.add(new Aged(position, effect, old || (i < laterCutOff ^ skewed)));
        }
        hold = random.nextInt(4) == 0 ? random.nextLong(position + 1) : Long.MAX_VALUE;
    }

    Set<Breach> breaches() {
        List<Aged> gone = variant.gone(events);
        if (!positions(gone).equals(positions(ByTheWords.gone(events)))) {
            breaches.add(Breach.NOT_THE_RULE);
        }
        watchedWhileDeleting(gone);
        List<Aged> left = without(events, positions(gone));
        if (!run(left).equals(run(events))) {
            breaches.add(Breach.OTHER_RUNS);
        }
        if (!variant.gone(left).isEmpty()) {
            breaches.add(Breach.NOT_SETTLED);
        }
        Set<Long> first = positions(held(gone));
        List<Aged> secondTime = without(later, first);
        Set<Long> twice = positions(without(secondTime, positions(variant.gone(secondTime))));
        Set<Long> once = positions(without(later, positions(variant.gone(later))));
        if (!twice.equals(once)) {
            breaches.add(Breach.DEPENDS_ON_WHEN);
        }
        return breaches;
    }

    /** Broken off after each event that was deleted. */
    private void watchedWhileDeleting(List<Aged> gone) {
        Set<Long> deleted = new HashSet<>();
        for (Aged event : held(gone)) {
            deleted.add(event.position());
            if (!run(without(events, deleted)).equals(run(events))) {
                breaches.add(Breach.OTHER_RUNS_MEANWHILE);
            }
        }
    }

    private List<Aged> held(List<Aged> gone) {
        return gone.stream().filter(event -> event.position() <= hold).toList();
    }

    private static Run run(List<Aged> events) {
        Run run = Run.none();
        for (Aged event : events) {
            run = run.after(
                    new Run.Step(event.position(), Instant.ofEpochSecond(event.position()), event.effect(), true));
        }
        return run;
    }

    private static List<Aged> without(List<Aged> events, Set<Long> positions) {
        return events.stream()
                .filter(event -> !positions.contains(event.position()))
                .toList();
    }

    private static Set<Long> positions(Collection<Aged> events) {
        Set<Long> positions = new HashSet<>();
        events.forEach(event -> positions.add(event.position()));
        return positions;
    }

    @Override
    public String toString() {
        return variant + " of " + events + ", held from " + hold + ", later " + later;
    }
}
