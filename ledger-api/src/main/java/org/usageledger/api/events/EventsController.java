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
    private final CloudEventsAnswer cloudEvents;

    EventsController(LogReader log, LongPoll longPoll, CloudEventsAnswer cloudEvents) {
        this.log = log;
        this.longPoll = longPoll;
        this.cloudEvents = cloudEvents;
    }

    @Get
    @Produces({MediaType.APPLICATION_JSON, Accepted.NDJSON_TYPE, CloudEvents.BATCH_TYPE, Problem.MEDIA_TYPE})
    @Accepts({"after", "limit", "kind", "wait", "baselines", "guid"})
    HttpResponse<Content> events(HttpRequest<?> request) throws InterruptedException {
        Query query = Query.of(request);
        Optional<EventForm> form = EventForm.by(request);
        EventsQuery asked =
                EventsQuery.of(query, form.filter(EventForm.LINES::equals).isPresent());
        Optional<Problem> refusal = query.refusal().or(asked::refusal);
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        if (form.isEmpty()) {
            return EventForm.refusal().answer();
        }
        if (asked.guid().isPresent()) {
            List<LoggedEvent> events = log
                    .byGuid(asked.filter().kind(), asked.guid().get())
                    .stream()
                    .limit(asked.limit())
                    .toList();
            return switch (form.get()) {
                case PAGE -> EventsAnswer.ofGuid(events);
                case LINES -> EventsAnswer.linesOfGuid(events);
                case CLOUD_EVENTS -> cloudEvents.ofGuid(events);
            };
        }
        return switch (form.get()) {
            case PAGE -> page(asked);
            case LINES -> stream(asked);
            case CLOUD_EVENTS -> cloudEvents.page(asked);
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
    @Produces({MediaType.APPLICATION_JSON, CloudEvents.STRUCTURED_TYPE, Problem.MEDIA_TYPE})
    @Accepts("cloudevents")
    HttpResponse<Content> event(String position, HttpRequest<?> request) {
        long wanted = number(position);
        Query query = Query.of(request);
        boolean binary =
                query.choice("cloudevents", List.of("binary"), name -> name).isPresent();
        Optional<Problem> refusal = query.refusal();
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        if (position.equals(FollowController.NAME)) {
            return FollowController.refusal().answer();
        }
        if (wanted < 1) {
            return Problem.of(
                            ProblemType.BAD_PARAMETER,
                            "\"" + Query.shown(position) + "\" is no position; send a whole number from 1 on.",
                            json -> json.writeStringField("parameter", "position"))
                    .answer();
        }
        Optional<HttpResponse<Content>> answer = log.at(wanted)
                .flatMap(event -> binary
                        ? cloudEvents.binary(event)
                        : isStructured(request) ? cloudEvents.structured(event) : Optional.of(EventsAnswer.one(event)));
        return answer.orElseGet(() -> absent(wanted, log.horizon()));
    }

    /** Whether it is named before whatever else would do. */
    private static boolean isStructured(HttpRequest<?> request) {
        return request.accept().stream()
                .filter(type -> type.getName().equals(CloudEvents.STRUCTURED_TYPE)
                        || type.matches(MediaType.APPLICATION_JSON_TYPE))
                .findFirst()
                .filter(type -> type.getName().equals(CloudEvents.STRUCTURED_TYPE))
                .isPresent();
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
