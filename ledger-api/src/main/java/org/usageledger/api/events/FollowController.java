package org.usageledger.api.events;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.util.Optional;
import org.usageledger.api.access.Caller;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.api.http.StreamObserver;
import org.usageledger.log.CursorRefusal;
import org.usageledger.log.LogReader;
import org.usageledger.log.Tail;

/** Events out as they are recorded, as Server-Sent Events. */
@Controller("/v1/events/" + FollowController.NAME)
@ExecuteOn(TaskExecutors.BLOCKING)
final class FollowController {
    /** Stands where positions do: who accepts none of the media types here comes to the route of those. */
    static final String NAME = "stream";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    /**
     * In which a cursor is judged before the stream begins, so that whoever cannot be served hears it as on a page. Later it hears it in the
     * stream: a browser never comes again to what answered 503.
     */
    private static final Duration JUDGING = Duration.ofSeconds(2);

    private final FollowedLog log;

    FollowController(LogReader reader, Tail tail, StreamObserver observer) {
        log = new FollowedLog(tail, new CatchUp(reader), new CallersStreams(), FollowedEvents.Pace.USUAL, observer);
    }

    @Get
    @Produces({MediaType.TEXT_EVENT_STREAM, Problem.MEDIA_TYPE})
    @Accepts({"after", "kind", "baselines"})
    HttpResponse<Content> follow(HttpRequest<?> request) throws InterruptedException {
        Query query = Query.of(request);
        EventsQuery asked =
                EventsQuery.of(query, false).resumedBy(request.getHeaders().get("Last-Event-ID"));
        Optional<Problem> refusal = query.refusal().or(asked::refusal);
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        Optional<String> caller = Caller.of(request).identity();
        if (log.callers().isFull(caller)) {
            return ownTaken().answer();
        }
        if (log.tail().isFull()) {
            return allTaken().answer();
        }
        Optional<CursorRefusal> refused = log.catchUp().refusal(asked.start(), JUDGING);
        if (refused.isPresent()) {
            return Cursors.refused(refused.get()).answer();
        }
        return Answers.serverSentEvents(new FollowedEvents(log, caller, asked.filter(), asked.start()));
    }

    /** Also the only event of a stream for which there was a place no longer when it began. */
    static Problem allTaken() {
        return taken(Tail.MOST_FOLLOWERS + " readers follow the events of this service, and no more may.");
    }

    /** Likewise. */
    static Problem ownTaken() {
        return taken("You follow the events of this service " + CallersStreams.MOST
                + " times, and no single caller may more often. Close streams that nobody reads.");
    }

    private static Problem taken(String why) {
        return Problem.of(
                        ProblemType.STREAMS_TAKEN,
                        why + " Try again after the time in Retry-After, or read pages with the parameter \"wait\".")
                .retryAfter(RETRY_AFTER);
    }

    static Problem refusal() {
        return Problem.of(
                ProblemType.NOT_ACCEPTABLE,
                "This is served as " + MediaType.TEXT_EVENT_STREAM + ": name it in Accept.");
    }
}
