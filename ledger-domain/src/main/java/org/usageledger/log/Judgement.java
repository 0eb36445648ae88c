package org.usageledger.log;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.EventIdentity;

/**
 * What one transaction writes, and what each of its requests is told.
 *
 * @param rows in position order, dense from head + 1 on
 * @param asides stops to keep aside
 * @param releases stops kept aside by earlier transactions that are recorded by this one
 * @param verdicts one per request, in queue order
 */
record Judgement(List<Row> rows, List<Aside> asides, List<Release> releases, List<Verdict> verdicts) {

    record Row(long position, NewEvent event) {}

    /** A stop to keep aside; recordedAt is its position where a later request of the same transaction brought its beginning. */
    record Aside(
            NewEvent event,
            SuppressionReason reason,
            @Nullable Long recordedAt) {}

    record Release(EventIdentity identity, long position) {}

    sealed interface Verdict {
        List<Outcome> outcomes();

        /** Its recorded events are among the rows. */
        record Accept(List<Outcome> outcomes) implements Verdict {}

        /** Nothing of it is. */
        record Refuse(List<Outcome> outcomes) implements Verdict {}
    }

    /** Whether the transaction would write nothing. */
    boolean isEmpty() {
        return rows.isEmpty() && asides.isEmpty() && releases.isEmpty();
    }
}
