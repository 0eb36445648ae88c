package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Body;
import org.usageledger.event.Events;
import org.usageledger.event.Origin;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;

class StretchTest {
    private static final Cursor BEGIN = new Cursor(1, 0, 0);

    private static Stretch of(int events, int bytes) {
        List<LoggedEvent> all = LongStream.rangeClosed(1, events)
                .mapToObj(position -> new LoggedEvent(
                        position,
                        EventKind.APP,
                        Origin.PLATFORM,
                        Effect.BEGINS,
                        Events.NOON,
                        Body.owning(new byte[bytes])))
                .toList();
        Cursor end = new Cursor(1, events, 0);
        return Stretch.from(BEGIN).grow(new Page.Events(all, end, new Horizon(1, events, Events.NOON, 0, 0)));
    }

    @Test
    void hands_out_no_more_at_once_than_a_slow_reader_may_keep_in_memory() {
        Stretch.Slice small = of(1_000, 10).after(BEGIN, ReadFilter.ALL);
        Stretch.Slice large = of(100, 100 << 10).after(BEGIN, ReadFilter.ALL);
        Stretch.Slice huge = of(3, 1 << 20).after(BEGIN, ReadFilter.ALL);

        assertThat(small.events()).hasSize(Stretch.HANDED_EVENTS);
        assertThat(large.events()).hasSize(3);
        assertThat(large.next()).isEqualTo(new Cursor(1, 3, 0));
        assertThat(huge.events()).hasSize(1);
    }
}
