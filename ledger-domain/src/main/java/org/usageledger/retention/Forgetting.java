package org.usageledger.retention;

import java.util.ArrayList;
import java.util.List;
import org.usageledger.lifecycle.Effect;

/**
 * The rule of retention: which events of a resource may be deleted so that what runs, since when and how large, is the same by those that
 * remain as it is by all. Runs are judged by position over all events, old or not; age decides only whether an event may go.
 *
 * <p>Deleted in position order, broken off anywhere, the answers are the same as well: a run's beginnings go before its ending.
 */
public final class Forgetting {
    private final List<Aged> events;
    private final Reason[] reasons;
    private final List<Integer> beginnings = new ArrayList<>();

    private Forgetting(List<Aged> events) {
        this.events = events;
        this.reasons = new Reason[events.size()];
    }

    /**
     * Judges each event.
     *
     * @param events all of one resource that remain, by position
     * @return a reason for each, in the same order
     * @throws IllegalArgumentException if positions do not rise
     */
    public static List<Reason> judge(List<Aged> events) {
        Forgetting forgetting = new Forgetting(List.copyOf(events));
        forgetting.judge();
        return List.of(forgetting.reasons);
    }

    private void judge() {
        long before = 0;
        for (int i = 0; i < events.size(); i++) {
            Aged event = events.get(i);
            if (event.position() <= before) {
                throw new IllegalArgumentException("position " + event.position() + " after " + before);
            }
            before = event.position();
            switch (event.effect()) {
                case NONE -> reasons[i] = event.old() ? Reason.NO_EFFECT : Reason.YOUNG;
                case BEGINS, BEGINS_AS_BASELINE -> beginnings.add(i);
                case ENDS -> ends(i);
            }
        }
        judgeBeginnings(Reason.BEGAN_OPEN_RUN, Reason.SIZES_OPEN_RUN);
    }

    private void ends(int ending) {
        boolean old = events.get(ending).old();
        if (beginnings.isEmpty()) {
            reasons[ending] = old ? Reason.STRAY_ENDING : Reason.YOUNG;
            return;
        }
        Reason kept = old ? Reason.RUN_ENDED : Reason.ENDING_YOUNG;
        boolean none = judgeBeginnings(kept, kept);
        if (!old) {
            reasons[ending] = Reason.YOUNG;
        } else {
            reasons[ending] = none ? Reason.BEGINNINGS_GONE : Reason.BEGINNING_STAYS;
        }
        beginnings.clear();
    }

    /**
     * Judges the beginnings of a run from its last to its first.
     *
     * @param first of an old one that began the run
     * @param unsized of an old one that no old size follows
     * @return whether none remains
     */
    private boolean judgeBeginnings(Reason first, Reason unsized) {
        boolean sizedLater = false;
        boolean none = true;
        for (int n = beginnings.size() - 1; n >= 0; n--) {
            int i = beginnings.get(n);
            Aged event = events.get(i);
            if (!event.old()) {
                reasons[i] = Reason.YOUNG;
            } else if (n == 0) {
                reasons[i] = first;
            } else {
                reasons[i] = sizedLater && !unsized.goes() ? Reason.SIZED_LATER : unsized;
            }
            none &= reasons[i].goes();
            sizedLater |= event.old() && event.effect() == Effect.BEGINS;
        }
        return none;
    }
}
