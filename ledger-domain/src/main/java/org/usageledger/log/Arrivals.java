package org.usageledger.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.usageledger.lifecycle.EventKind;

/**
 * The newest position that passes each filter, and who waits for one: a waiter is woken only where its filter may have been passed. For
 * filters that do, the positions up to the head are sorted behind it, by one query for all who wait; while nobody waits behind a filter,
 * nothing is sorted and everything counts as having passed. Used under the lock of its watch.
 */
final class Arrivals {
    /** Positions that are looked at to spare waiters; of more at once each filter is likely to have been passed by some. */
    private static final long SORTED_SPAN = 10_000;

    private final Map<ReadFilter, Bell> bells = new HashMap<>();
    private long sorted;
    private int waiting;
    private int waitingBehindFilters;
    private boolean released;

    Arrivals(ReentrantLock lock) {
        for (boolean baselines : List.of(true, false)) {
            bells.put(new ReadFilter(null, baselines), new Bell(lock.newCondition()));
            for (EventKind kind : EventKind.values()) {
                bells.put(new ReadFilter(kind, baselines), new Bell(lock.newCondition()));
            }
        }
    }

    /** The newest position of one filter, and the waiters behind it. */
    private static final class Bell {
        private final Condition rung;
        private long newest;

        Bell(Condition rung) {
            this.rung = rung;
        }

        void ring(long position) {
            if (position > newest) {
                newest = position;
                rung.signalAll();
            }
        }
    }

    private Bell bell(ReadFilter filter) {
        Bell bell = bells.get(filter);
        if (bell == null) {
            throw new IllegalArgumentException("no bell for " + filter);
        }
        return bell;
    }

    /** Everything up to here is confirmed, whatever it is. */
    void confirmed(long head) {
        bell(ReadFilter.ALL).ring(head);
    }

    /** How many wait, behind filters or not. */
    int waiting() {
        return waiting;
    }

    /** Whether waiters are kept until it is known what came up to this head. */
    boolean isBehind(long head) {
        return waitingBehindFilters > 0 && sorted < head;
    }

    /** Whether it pays to look at what came up to this head; if not, {@link #assume} it. */
    boolean wantsSorting(long head) {
        return isBehind(head) && head - sorted <= SORTED_SPAN;
    }

    /** Up to where it is known, or assumed, what came. */
    long sorted() {
        return sorted;
    }

    /** Takes what came up to here since {@link #sorted}. */
    void sort(long upTo, List<EventPages.Newest> came) {
        bells.forEach((filter, bell) -> came.stream()
                .filter(newest -> filter.passes(newest.kind(), newest.baseline()))
                .forEach(newest -> bell.ring(newest.position())));
        sorted = upTo;
    }

    /** It is not known what came up to here since {@link #sorted}, if anything did: each filter may have been passed. */
    void assume(long upTo) {
        if (upTo > sorted) {
            bells.values().forEach(bell -> bell.ring(upTo));
            sorted = upTo;
        }
    }

    /** What was seen is a history that is lost. */
    void forget() {
        bells.values().forEach(bell -> bell.newest = 0);
        sorted = 0;
    }

    /** Whether an event above this position may pass the filter. */
    boolean mayHave(ReadFilter filter, long position) {
        return bell(filter).newest > position;
    }

    /** Waits until an event above this position may pass the filter, at most so long; false if none came. */
    boolean await(long position, ReadFilter filter, long nanos) throws InterruptedException {
        int counted = filter.passesAll() ? 0 : 1;
        Bell bell = bell(filter);
        long left = nanos;
        waiting++;
        waitingBehindFilters += counted;
        try {
            while (!mayHave(filter, position) && left > 0 && !released) {
                left = bell.rung.awaitNanos(left);
            }
            return mayHave(filter, position);
        } finally {
            waiting--;
            waitingBehindFilters -= counted;
        }
    }

    /** Lets everybody go. */
    void release() {
        released = true;
        bells.values().forEach(bell -> bell.rung.signalAll());
    }
}
