package org.usageledger.api.events;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.log.DescribedEvent;
import org.usageledger.log.LogReader;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.Page;

/** Events as readers of CloudEvents get them. */
@Singleton
final class CloudEventsAnswer {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Pages that retention may prune between their two reads before the reader is asked to come again. */
    private static final int TRIES = 3;

    private final LogReader log;
    private final LongPoll longPoll;

    CloudEventsAnswer(LogReader log, LongPoll longPoll) {
        this.log = log;
        this.longPoll = longPoll;
    }

    HttpResponse<Content> page(EventsQuery asked) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            Page page = longPoll.page(asked);
            if (page instanceof Page.Refused refused) {
                return Cursors.refused(refused.why()).answer();
            }
            Page.Events events = (Page.Events) page;
            List<DescribedEvent> described = log.describe(events.events());
            if (described.size() == events.events().size()) {
                return EventsAnswer.withHeaders(batch(described), events.next(), events.horizon());
            }
        }
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "Retention pruned the log " + TRIES + " times while one page was read; ask again.")
                .retryAfter(RETRY_AFTER)
                .answer();
    }

    HttpResponse<Content> ofGuid(List<LoggedEvent> events) {
        return batch(log.describe(events));
    }

    private static MutableHttpResponse<Content> batch(List<DescribedEvent> events) {
        return Answers.json(json -> {
                    json.writeStartArray();
                    for (DescribedEvent event : events) {
                        CloudEventText.write(json, event);
                    }
                    json.writeEndArray();
                })
                .contentType(CloudEvents.BATCH_TYPE);
    }

    /** Empty if it was pruned just now. */
    Optional<HttpResponse<Content>> structured(LoggedEvent event) {
        return described(event)
                .map(described -> Answers.json(json -> CloudEventText.write(json, described))
                        .contentType(CloudEvents.STRUCTURED_TYPE));
    }

    /** The event's own JSON, its attributes in headers. Empty if it was pruned just now. */
    Optional<HttpResponse<Content>> binary(LoggedEvent event) {
        return described(event).map(described -> {
            MutableHttpResponse<Content> answer = Answers.json(body(event));
            CloudEventText.attributes(described)
                    .forEach((name, value) ->
                            answer.header(CloudEvents.HEADER_PREFIX + name, CloudHeaders.encode(value)));
            return answer;
        });
    }

    private Optional<DescribedEvent> described(LoggedEvent event) {
        return log.describe(List.of(event)).stream().findFirst();
    }

    private static Content body(LoggedEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(event.body().length());
        try {
            event.body().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing an event into memory", e);
        }
        return Content.of(out.toByteArray());
    }
}
