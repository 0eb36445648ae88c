package org.usageledger.api.events;

import jakarta.inject.Singleton;
import java.time.Duration;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogReader;
import org.usageledger.log.Page;
import org.usageledger.log.Start;

/** Pages that wait until there is something in them. Waiting readers cost no query: they sleep until what may pass their filter came. */
@Singleton
final class LongPoll {
    private final LogReader log;
    private final HeadWatch watch;

    LongPoll(LogReader log, HeadWatch watch) {
        this.log = log;
        this.watch = watch;
    }

    /** A page as soon as one event passes the filter; after the wait also an empty one, its cursor past what was filtered so far. */
    Page page(EventsQuery asked) throws InterruptedException {
        long deadline = System.nanoTime() + asked.patience().toNanos();
        Page page = log.page(asked.start(), asked.filter(), asked.limit());
        while (page instanceof Page.Events events && events.events().isEmpty()) {
            boolean more = events.next().position() < events.horizon().position();
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return page;
            }
            if (!more && !watch.awaitAbove(events.next().position(), asked.filter(), Duration.ofNanos(left))) {
                return atTheEnd(asked, events);
            }
            page = log.page(new Start.After(events.next()), asked.filter(), asked.limit());
        }
        return page;
    }

    /** The wait is over: nothing passed, but the cursor moves on past what did not. */
    private Page atTheEnd(EventsQuery asked, Page.Events events) {
        return watch.head() > events.next().position()
                ? log.page(new Start.After(events.next()), asked.filter(), asked.limit())
                : events;
    }
}
