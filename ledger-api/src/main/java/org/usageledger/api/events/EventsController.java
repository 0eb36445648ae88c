package org.usageledger.api.events;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Optional;
import org.usageledger.api.http.Accepted;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.log.Horizon;
import org.usageledger.log.LogReader;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.Page;

/** Events out: forward by cursor, one by position, those of a guid. */
@Controller("/v1/events")
@ExecuteOn(TaskExecutors.BLOCKING)
final class EventsController {
    private final LogReader log;
    private final LongPoll longPoll;

    EventsController(LogReader log, LongPoll longPoll) {
        this.log = log;
        this.longPoll = longPoll;
    }

    @Get
    @Produces({MediaType.APPLICATION_JSON, Accepted.NDJSON_TYPE, Problem.MEDIA_TYPE})
    @Accepts({"after", "limit", "kind", "wait", "baselines", "guid"})
    HttpResponse<Content> events(HttpRequest<?> request) throws InterruptedException {
        Query query = Query.of(request);
        Optional<Accepted> form = Accepted.by(request);
        EventsQuery asked = EventsQuery.of(query, form);
        Optional<Problem> refusal = query.refusal().or(asked::refusal);
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        if (form.isEmpty()) {
            return Accepted.refusal().answer();
        }
        if (asked.guid().isPresent()) {
            List<LoggedEvent> events = log
                    .byGuid(asked.filter().kind(), asked.guid().get())
                    .stream()
                    .limit(asked.limit())
                    .toList();
            return form.get() == Accepted.NDJSON ? EventsAnswer.linesOfGuid(events) : EventsAnswer.ofGuid(events);
        }
        return switch (form.get()) {
            case JSON -> page(asked);
            case NDJSON -> stream(asked);
        };
    }

    private HttpResponse<Content> page(EventsQuery asked) throws InterruptedException {
        return switch (longPoll.page(asked)) {
            case Page.Refused refused -> Cursors.refused(refused.why()).answer();
            case Page.Events events -> EventsAnswer.page(events);
        };
    }

    private HttpResponse<Content> stream(EventsQuery asked) {
        return switch (log.open(asked.start(), asked.filter())) {
            case LogReader.Opened.Refused refused ->
                Cursors.refused(refused.why()).answer();
            case LogReader.Opened.Streaming streaming -> EventsAnswer.stream(streaming.stream());
        };
    }

    @Get("/{position}")
    @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
    HttpResponse<Content> event(String position) {
        long wanted = number(position);
        if (wanted < 1) {
            return Problem.of(
                            ProblemType.BAD_PARAMETER,
                            "\"" + Query.shown(position) + "\" is no position; send a whole number from 1 on.",
                            json -> json.writeStringField("parameter", "position"))
                    .answer();
        }
        return log.at(wanted).map(EventsAnswer::one).orElseGet(() -> absent(wanted, log.horizon()));
    }

    private static HttpResponse<Content> absent(long wanted, Horizon horizon) {
        return wanted > horizon.position()
                ? Problem.of(
                                ProblemType.EVENT_NOT_GIVEN,
                                "The ledger's head is " + horizon.position() + "; position " + wanted + " comes later.",
                                json -> json.writeNumberField("head", horizon.position()))
                        .answer()
                : Problem.of(
                                ProblemType.EVENT_PRUNED,
                                "The event at position " + wanted + " was recorded and has been pruned since.",
                                json -> json.writeNumberField("pruned_up_to", horizon.prunedUpTo()))
                        .answer();
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
