package org.usageledger.jobs.recovery;

import java.util.EnumMap;
import java.util.Map;

/** Counts of what entered and left the bookkeeping since the process started. */
public final class Tally {

    /** What is counted. */
    public enum Count {
        /** Rows inserted by this process, as its threads said. */
        OBSERVED_STARTED("observed_started"),
        OBSERVED_ENDED("observed_ended"),
        CREATE_FAILED("create_failed"),
        /** Inserts whose commit was not learnt. */
        CREATE_IN_DOUBT("create_in_doubt"),
        /** Claims of what was pending. */
        STARTED("started"),
        /** Claims of what was this node's before; those of what was lost locally among them. */
        RECOVERED("recovered"),
        TAKEN_OVER("taken_over"),
        CLAIMED_WITHOUT_LOCAL("claimed_without_local"),
        /** Entries dropped because their thread had said that it ended. */
        FORGOTTEN("forgotten"),
        /** Entries dropped because two look-ups found them ended and their thread has not said so. */
        INFERRED_DONE("inferred_done"),
        FENCED("fenced"),
        /** Entries dropped because their row was not seen for long. */
        DOUBT_DROPPED("doubt_dropped");

        private final String label;

        Count(String label) {
            this.label = label;
        }

        /** As reports show it. */
        public String label() {
            return label;
        }
    }

    private final Map<Count, Long> counts = new EnumMap<>(Count.class);

    Tally() {}

    void add(Count count) {
        counts.merge(count, 1L, Long::sum);
    }

    /** How often. */
    public long of(Count count) {
        return counts.getOrDefault(count, 0L);
    }

    Tally copy() {
        Tally copy = new Tally();
        copy.counts.putAll(counts);
        return copy;
    }

    /** How many entries should be running or ended, by what came and went. */
    long held() {
        return of(Count.OBSERVED_STARTED)
                + of(Count.STARTED)
                + of(Count.RECOVERED)
                + of(Count.TAKEN_OVER)
                - of(Count.FORGOTTEN)
                - of(Count.INFERRED_DONE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tally tally && counts.equals(tally.counts);
    }

    @Override
    public int hashCode() {
        return counts.hashCode();
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
