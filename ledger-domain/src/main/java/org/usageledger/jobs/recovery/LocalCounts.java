package org.usageledger.jobs.recovery;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many executions are held in this process, and what came and went since it started.
 *
 * @param maybeDone found ended by a look-up, their thread not yet heard; not counted as running
 */
public record LocalCounts(long starting, long inDoubt, long running, long ended, long maybeDone, Tally tally) {

    static LocalCounts of(Collection<LocalEntry> entries, Tally tally) {
        Map<LocalEntry.Phase, Long> phases = entries.stream()
                .filter(entry -> !entry.maybeDone())
                .collect(Collectors.groupingBy(
                        LocalEntry::phase, () -> new EnumMap<>(LocalEntry.Phase.class), Collectors.counting()));
        return new LocalCounts(
                phases.getOrDefault(LocalEntry.Phase.STARTING, 0L),
                phases.getOrDefault(LocalEntry.Phase.IN_DOUBT, 0L),
                phases.getOrDefault(LocalEntry.Phase.RUNNING, 0L),
                phases.getOrDefault(LocalEntry.Phase.ENDED, 0L),
                entries.stream().filter(LocalEntry::maybeDone).count(),
                tally.copy());
    }

    /** Whether as many are held as came and have not gone. */
    public boolean addsUp() {
        return tally.held() == running + ended + maybeDone;
    }
}
