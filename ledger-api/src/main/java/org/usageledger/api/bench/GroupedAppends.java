package org.usageledger.api.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.LogAppender;
import org.usageledger.log.NewEvent;

/** The ledger's appender, with callers who wait for each answer before they hand in the next request. */
final class GroupedAppends implements Contender {
    private static final long ANSWER_SECONDS = 60;

    private final String name;
    private final LogAppender appender;
    private final Usage usage;
    private final Shape shape;
    private List<UsageEvent> events = List.of();
    private List<AppendRequest> requests = List.of();
    private final AtomicLong upTo = new AtomicLong();
    private final AtomicLong recorded = new AtomicLong();

    /**
     * How the events come.
     *
     * @param callers side by side
     * @param batch events a request
     * @param slice events a slice
     */
    record Shape(int callers, int batch, int slice) {}

    GroupedAppends(String name, LogAppender appender, Usage usage, Shape shape) {
        this.name = name;
        this.appender = appender;
        this.usage = usage;
        this.shape = shape;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare() throws Exception {
        events = usage.events(shape.slice());
        requests = new ArrayList<>();
        for (int from = 0; from < events.size(); from += shape.batch()) {
            List<NewEvent> batch = events.subList(from, Math.min(events.size(), from + shape.batch())).stream()
                    .map(event -> NewEvent.of(event, Origin.PLATFORM))
                    .toList();
            requests.add(AppendRequest.of(batch, AppendRequest.OnConflict.REFUSE_REQUEST));
        }
    }

    @Override
    public long run() throws Exception {
        Workers.share(requests, shape.callers(), (_, request) -> append(request));
        return events.size();
    }

    private void append(AppendRequest request) throws Exception {
        int events = request.events().size();
        var done = Verification.recorded(appender.append(request).get(ANSWER_SECONDS, TimeUnit.SECONDS), events);
        upTo.accumulateAndGet(done.head().position(), Math::max);
        recorded.addAndGet(events);
    }

    /** The events of the last slice. */
    List<UsageEvent> slice() {
        return events;
    }

    /** The position of the last one of it; the appender has the log for itself. */
    long upTo() {
        return upTo.get();
    }

    /** How many events the callers were told are recorded, since the beginning. */
    long recorded() {
        return recorded.get();
    }
}
