package org.usageledger.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of the log from some position up to an end, of one history, without a gap. The oldest of them are dropped to keep it small;
 * whose filter would have passed none of those dropped can go on all the same. Immutable.
 */
final class Stretch {
    /** About what a page holds, several times over: a follower may be so far behind before it has to ask the database. */
    static final int KEPT_EVENTS = 4_096;

    /** Of bodies: what one service spends on all its followers together. */
    static final long KEPT_BYTES = 16L << 20;

    /** The most events that a follower is handed at once: as long as it is slow to take them, they are in memory for it alone. */
    static final int HANDED_EVENTS = 200;

    /** Of bodies, after which a follower is handed no more at once; thousands may be slow at a time. */
    static final long HANDED_BYTES = 256L << 10;

    private final long base;
    private final Cursor end;
    private final List<LoggedEvent> kept;
    private final long bytes;
    private final Map<ReadFilter, Long> dropped;

    private Stretch(long base, Cursor end, List<LoggedEvent> kept, long bytes, Map<ReadFilter, Long> dropped) {
        this.base = base;
        this.end = end;
        this.kept = kept;
        this.bytes = bytes;
        this.dropped = dropped;
    }

    /** Nothing yet, from here on. */
    static Stretch from(Cursor cursor) {
        return new Stretch(cursor.position(), cursor, List.of(), 0, Map.of());
    }

    Cursor end() {
        return end;
    }

    /** With a page that was read from its end on. A page of a later history begins anew: cursors of the earlier one have to be judged. */
    Stretch grow(Page.Events page) {
        boolean sameHistory = page.next().epoch() == end.epoch();
        Map<ReadFilter, Long> lost = sameHistory ? new HashMap<>(dropped) : new HashMap<>();
        List<LoggedEvent> all = new ArrayList<>(kept.size() + page.events().size());
        if (sameHistory) {
            all.addAll(kept);
        }
        all.addAll(page.events());
        long size = sameHistory ? bytes : 0;
        for (LoggedEvent event : page.events()) {
            size += event.body().length();
        }
        int first = 0;
        while (all.size() - first > KEPT_EVENTS || (size > KEPT_BYTES && first < all.size())) {
            LoggedEvent oldest = all.get(first);
            size -= oldest.body().length();
            note(lost, oldest);
            first++;
        }
        long begin = sameHistory ? base : end.position();
        return new Stretch(begin, page.next(), List.copyOf(all.subList(first, all.size())), size, lost);
    }

    private static void note(Map<ReadFilter, Long> lost, LoggedEvent event) {
        for (ReadFilter filter : ReadFilter.all()) {
            if (filter.passes(event)) {
                lost.put(filter, event.position());
            }
        }
    }

    /** Whether a reader who stands there may have missed events that pass its filter, or its cursor has to be judged first. */
    boolean hasLost(Cursor from, ReadFilter filter) {
        return from.epoch() < end.epoch()
                || from.position() < base
                || from.position() < dropped.getOrDefault(filter, 0L);
    }

    /** What comes after a cursor of which nothing is lost. */
    Slice after(Cursor from, ReadFilter filter) {
        List<LoggedEvent> events = new ArrayList<>();
        if (from.epoch() > end.epoch() || from.position() >= end.position()) {
            return new Slice(events, from);
        }
        long upTo = end.position();
        long size = 0;
        for (LoggedEvent event : kept.subList(firstAfter(from.position()), kept.size())) {
            if (filter.passes(event)) {
                events.add(event);
                size += event.body().length();
                if (events.size() == HANDED_EVENTS || size >= HANDED_BYTES) {
                    upTo = event.position();
                    break;
                }
            }
        }
        // What is kept may be pruned in the database since: its holder is told of that step with the last of it.
        long step = upTo == end.position() ? Math.max(from.step(), end.step()) : from.step();
        return new Slice(events, new Cursor(end.epoch(), upTo, step));
    }

    /**
     * Some events.
     *
     * @param next where to go on, past what was filtered; never before where the reader stood
     */
    record Slice(List<LoggedEvent> events, Cursor next) {}

    private int firstAfter(long position) {
        int low = 0;
        int high = kept.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (kept.get(middle).position() <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
