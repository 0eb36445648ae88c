package org.usageledger.log;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.usageledger.lifecycle.EventKind;

/**
 * One transaction of the log, as an observer sees it.
 *
 * @param took from its beginning until it was durable, attempts that failed before not counted
 * @param events recorded
 * @param head after it
 * @param states of the events recorded, as sent: how many of each
 * @param suppressed stops kept aside by it, by reason
 * @param released stops kept aside before that it recorded after all
 * @param carried what came with its requests, in queue order
 */
public record Appended(
        Instant began,
        Duration took,
        int events,
        Cursor head,
        Map<EventKind, Map<String, Integer>> states,
        Map<SuppressionReason, Integer> suppressed,
        int released,
        List<AppendObserver.Carried> carried) {

    static Appended of(Instant began, Duration took, AppendSession.Written written, List<Pending> group) {
        Judgement judgement = written.judgement();
        Map<EventKind, Map<String, Integer>> states = new EnumMap<>(EventKind.class);
        for (Judgement.Row row : judgement.rows()) {
            StoredRow stored = row.event().row();
            states.computeIfAbsent(stored.kind(), _ -> new HashMap<>()).merge(stored.state(), 1, Integer::sum);
        }
        Map<SuppressionReason, Integer> suppressed = new EnumMap<>(SuppressionReason.class);
        judgement.asides().forEach(aside -> suppressed.merge(aside.reason(), 1, Integer::sum));
        return new Appended(
                began,
                took,
                judgement.rows().size(),
                written.cursor(),
                states,
                suppressed,
                judgement.releases().size(),
                group.stream().map(Pending::carried).toList());
    }

    /** How many requests it carried, answered or put back. */
    public int requests() {
        return carried.size();
    }
}
