package org.usageledger.recording;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.event.Sender;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.LogAppender;
import org.usageledger.log.NewEvent;
import org.usageledger.log.Outcome;

/** Records what the platform sends. */
public final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final LogAppender appender;
    private final Duration deadline;

    /** @param deadline how long a caller waits for an answer; longer than the appender's own */
    public Recorder(LogAppender appender, Duration deadline) {
        this.appender = appender;
        this.deadline = deadline;
    }

    /**
     * Records the events in their order, all or none unless conflicts are skipped. Blocks until the answer is durable.
     *
     * @param events at least one
     */
    public AppendResult record(List<UsageEvent> events, AppendRequest.OnConflict onConflict) {
        return record(events, List.of(), onConflict);
    }

    /**
     * The same with what the events' senders know them by.
     *
     * @param senders one for each event, or none at all
     */
    public AppendResult record(List<UsageEvent> events, List<Sender> senders, AppendRequest.OnConflict onConflict) {
        if (!senders.isEmpty() && senders.size() != events.size()) {
            throw new IllegalArgumentException(senders.size() + " senders for " + events.size() + " events");
        }
        List<NewEvent> encoded = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            encoded.add(NewEvent.ofPlatform(events.get(i)).sentBy(senders.isEmpty() ? null : senders.get(i)));
        }
        AppendResult result = await(AppendRequest.of(encoded, onConflict));
        if (result instanceof AppendResult.Done done) {
            warnOfMissingBeginnings(events, done.outcomes());
        }
        return result;
    }

    private AppendResult await(AppendRequest request) {
        var answer = appender.append(request);
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new AppendResult.Unknown(RETRY_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new AppendResult.Unknown(RETRY_AFTER);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the appender answered with a fault of its own", e.getCause());
        }
    }

    private static void warnOfMissingBeginnings(List<UsageEvent> events, List<Outcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            UsageEvent event = events.get(i);
            if (outcomes.get(i) instanceof Outcome.Suppressed suppressed && "RUNNING".equals(event.previousState())) {
                LOG.warn(
                        "suppressed stop {} of task {} ({}), which was running until then: its beginning was lost or comes late",
                        event.guid(),
                        event.resource().orElseThrow().key(),
                        suppressed.reason().label());
            }
        }
    }
}
