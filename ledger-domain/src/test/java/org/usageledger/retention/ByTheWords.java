package org.usageledger.retention;

import java.util.List;
import java.util.Optional;
import org.usageledger.lifecycle.Effect;

/** The rule of retention once more, sentence by sentence and for each event anew; slow, and written to be compared with the words alone. */
final class ByTheWords {
    private final List<Aged> events;

    private ByTheWords(List<Aged> events) {
        this.events = events;
    }

    static List<Aged> gone(List<Aged> events) {
        ByTheWords words = new ByTheWords(events);
        return events.stream().filter(words::mayGo).toList();
    }

    private boolean mayGo(Aged event) {
        return event.old()
                && switch (event.effect()) {
                    case NONE -> true;
                    case BEGINS, BEGINS_AS_BASELINE -> beginningMayGo(event);
                    case ENDS -> events.stream().noneMatch(other -> endedBy(event, other) && !mayGo(other));
                };
    }

    private boolean beginningMayGo(Aged event) {
        boolean ended = ending(event).filter(Aged::old).isPresent();
        boolean first = events.stream().noneMatch(other -> sameRun(other, event));
        boolean sizedLater = events.stream()
                .anyMatch(later -> later.old() && later.effect() == Effect.BEGINS && sameRun(event, later));
        return ended || (!first && sizedLater);
    }

    /** The first ending after it. */
    private Optional<Aged> ending(Aged beginning) {
        return events.stream()
                .filter(event -> event.effect() == Effect.ENDS && event.position() > beginning.position())
                .findFirst();
    }

    private boolean endedBy(Aged ending, Aged beginning) {
        return beginning.effect().begins()
                && ending(beginning).filter(ending::equals).isPresent();
    }

    /** Whether both are beginnings of one run, the one before the other. */
    private boolean sameRun(Aged one, Aged other) {
        return one.effect().begins()
                && other.effect().begins()
                && one.position() < other.position()
                && ending(one).equals(ending(other));
    }
}
