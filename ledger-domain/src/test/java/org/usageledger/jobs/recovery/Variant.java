package org.usageledger.jobs.recovery;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** The bookkeeping as it is, and as it must not be. */
enum Variant {
    AS_IT_IS,
    DRAINS_BEFORE_IT_LISTS,
    ONE_LISTING_SUFFICES,
    TWO_LISTINGS_SUFFICE,
    SAYS_STARTING_AFTER_THE_ROW,
    SKIPS_UNREADABLE_ROWS,
    SKIPS_UNREADABLE_ROWS_AND_INFERS,
    TAKES_A_FAILED_LISTING_FOR_AN_EMPTY_ONE,
    ASKS_ABOUT_WHAT_BEGAN_AFTER_THE_LISTING,
    FORGETS_WHAT_IS_FENCED,
    FORGETS_WHAT_IS_IN_DOUBT,
    BELIEVES_ITS_LISTING_WHEN_IT_CLAIMS,
    SAYS_NOTHING_OF_ITS_CLAIMS;

    /** What the node does with entries that are not listed. */
    Rule rule() {
        return switch (this) {
            case ONE_LISTING_SUFFICES -> new Rule((entry, _, _) -> new Verdict.Forget(entry.key()));
            case TWO_LISTINGS_SUFFICE ->
                new Rule((entry, _, before) -> before.contains(entry.key().execution())
                        ? new Verdict.Forget(entry.key())
                        : new Verdict.Keep(entry.key()));
            case SKIPS_UNREADABLE_ROWS_AND_INFERS ->
                new Rule((entry, mark, _) -> entry.phase() == LocalEntry.Phase.RUNNING && entry.since() <= mark
                        ? new Verdict.Forget(entry.key())
                        : RecoveryPlanner.byEvidence(entry, mark));
            case ASKS_ABOUT_WHAT_BEGAN_AFTER_THE_LISTING ->
                new Rule((entry, mark, _) -> entry.phase() == LocalEntry.Phase.STARTING
                        ? new Verdict.MaybeDone(entry.key())
                        : RecoveryPlanner.byEvidence(entry, Math.max(mark, entry.since())));
            case FORGETS_WHAT_IS_IN_DOUBT ->
                new Rule((entry, mark, _) -> entry.phase() == LocalEntry.Phase.IN_DOUBT
                        ? new Verdict.Forget(entry.key())
                        : RecoveryPlanner.byEvidence(entry, mark));
            default -> new Rule((entry, mark, _) -> RecoveryPlanner.byEvidence(entry, mark));
        };
    }

    /** Judges with the knowledge of what the last listing did not show either. */
    @FunctionalInterface
    interface Remembering {
        Verdict judge(LocalEntry entry, long beganAt, Set<UUID> unlistedBefore);
    }

    /** A node's rule, with its memory. */
    static final class Rule implements RecoveryPlanner.Unlisted {
        private final Remembering judge;
        private Set<UUID> before = new HashSet<>();
        private Set<UUID> now = new HashSet<>();

        Rule(Remembering judge) {
            this.judge = judge;
        }

        void nextPass() {
            before = now;
            now = new HashSet<>();
        }

        @Override
        public Verdict judge(LocalEntry entry, long beganAt) {
            now.add(entry.key().execution());
            return judge.judge(entry, beganAt, before);
        }
    }
}
