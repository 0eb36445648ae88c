package org.usageledger.retention;

import java.util.List;
import java.util.stream.IntStream;

/** What is left of a resource's events. */
final class Remaining {
    private Remaining() {}

    static List<Aged> after(List<Aged> events) {
        List<Reason> reasons = Forgetting.judge(events);
        return IntStream.range(0, events.size())
                .filter(i -> !reasons.get(i).goes())
                .mapToObj(events::get)
                .toList();
    }
}
