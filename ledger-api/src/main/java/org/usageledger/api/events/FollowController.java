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
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.log.LogReader;
import org.usageledger.log.Page;
import org.usageledger.log.Tail;

/** Events out as they are recorded, as Server-Sent Events. */
@Controller("/v1/events/" + FollowController.NAME)
@ExecuteOn(TaskExecutors.BLOCKING)
final class FollowController {
    /** Stands where positions do: who accepts none of the media types here comes to the route of those. */
    static final String NAME = "stream";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final LogReader log;
    private final Tail tail;
    private final CatchUp catchUp;

    FollowController(LogReader log, Tail tail) {
        this.log = log;
        this.tail = tail;
        this.catchUp = new CatchUp(log);
    }

    @Get
    @Produces({MediaType.TEXT_EVENT_STREAM, Problem.MEDIA_TYPE})
    @Accepts({"after", "kind", "baselines"})
    HttpResponse<Content> follow(HttpRequest<?> request) {
        Query query = Query.of(request);
        EventsQuery asked =
                EventsQuery.of(query, false).resumedBy(request.getHeaders().get("Last-Event-ID"));
        Optional<Problem> refusal = query.refusal().or(asked::refusal);
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        return tail.follow(asked.filter())
                .map(follower -> begin(asked, follower))
                .orElseGet(() -> Problem.of(
                                ProblemType.STREAMS_TAKEN,
                                Tail.MOST_FOLLOWERS
                                        + " readers follow the events of this service, and no more may. Try again after the time"
                                        + " in Retry-After, or read pages with the parameter \"wait\".")
                        .retryAfter(RETRY_AFTER)
                        .answer());
    }

    static Problem refusal() {
        return Problem.of(
                ProblemType.NOT_ACCEPTABLE,
                "This is served as " + MediaType.TEXT_EVENT_STREAM + ": name it in Accept.");
    }

    private HttpResponse<Content> begin(EventsQuery asked, Tail.Follower follower) {
        boolean begun = false;
        try {
            Page page = log.page(asked.start(), asked.filter(), CatchUp.EVENTS);
            if (page instanceof Page.Events first) {
                begun = true;
                return Answers.serverSentEvents(
                        new FollowedEvents(tail, catchUp, FollowedEvents.Pace.USUAL, follower, first));
            }
            return Cursors.refused(((Page.Refused) page).why()).answer();
        } finally {
            if (!begun) {
                follower.close();
            }
        }
    }
}
