package org.usageledger.api.jobs;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.jobs.Controlled;
import org.usageledger.jobs.ExecutionFilter;
import org.usageledger.jobs.ExecutionState;
import org.usageledger.jobs.ExecutionView;
import org.usageledger.jobs.Jobs;

/** Executions: how they do, and stopping them. */
@Controller("/v1/executions")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ExecutionsController {
    private static final int DEFAULT_LIMIT = 100;

    /** What has not progressed for longer is not told apart from what has not for this long. */
    private static final Duration LONGEST_STILL = Duration.ofDays(30);

    private final Jobs jobs;

    ExecutionsController(Jobs jobs) {
        this.jobs = jobs;
    }

    @Get
    @Accepts({"job", "state", "stale", "limit"})
    HttpResponse<Content> executions(HttpRequest<?> request) {
        Query query = Query.of(request);
        ExecutionFilter filter = new ExecutionFilter(
                query.choice("job", jobs.names(), name -> name),
                query.choice("state", List.of(ExecutionState.values()), ExecutionState::label),
                Optional.of(query.duration("stale", LONGEST_STILL)).filter(Duration::isPositive));
        int limit = query.integer("limit", DEFAULT_LIMIT, 1, Jobs.LIST_LIMIT);
        if (query.refusal().isPresent()) {
            return query.refusal().get().answer();
        }
        List<ExecutionView> executions = jobs.executions(filter, limit);
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("executions");
            for (ExecutionView execution : executions) {
                ExecutionText.write(json, execution);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Get("/{id}")
    HttpResponse<Content> execution(String id) {
        return uuid(id).flatMap(jobs::execution)
                .<HttpResponse<Content>>map(this::whole)
                .orElseGet(() -> notFound(id));
    }

    @Post("/{id}/cancel")
    @Consumes(MediaType.ALL)
    HttpResponse<Content> cancel(String id, HttpRequest<?> request) throws IOException {
        try {
            WordRequest wish = WordRequest.plain(request);
            Optional<UUID> known = uuid(id);
            return known.isEmpty()
                    ? notFound(id)
                    : answer(known.get(), jobs.cancel(known.get(), wish.word()), HttpStatus.ACCEPTED);
        } catch (BodyRefused e) {
            return e.problem().answer();
        }
    }

    @Post("/{id}/abandon")
    @Consumes(MediaType.ALL)
    HttpResponse<Content> abandon(String id, HttpRequest<?> request) throws IOException {
        try {
            WordRequest wish = WordRequest.forced(request);
            Optional<UUID> known = uuid(id);
            return known.isEmpty()
                    ? notFound(id)
                    : answer(known.get(), jobs.abandon(known.get(), wish.word(), wish.force()), HttpStatus.OK);
        } catch (BodyRefused e) {
            return e.problem().answer();
        }
    }

    private HttpResponse<Content> answer(UUID id, Controlled controlled, HttpStatus done) {
        return switch (controlled) {
            case Controlled.Accepted _ ->
                jobs.execution(id)
                        .<HttpResponse<Content>>map(view -> whole(view).status(done))
                        .orElseGet(() -> notFound(id.toString()));
            case Controlled.Ended ended ->
                Problem.of(
                                ProblemType.EXECUTION_ENDED,
                                "There is nothing left to stop: it is "
                                        + ended.state().label() + ". GET /v1/executions/" + id + " shows how it ended.",
                                json -> json.writeStringField(
                                        "state", ended.state().label()))
                        .answer();
            case Controlled.Unwinding _ ->
                Problem.of(
                                ProblemType.EXECUTION_UNWINDING,
                                "Wait until it has cleaned up; if it cannot, abandon it.",
                                json -> json.writeStringField("state", ExecutionState.UNWINDING.label()))
                        .answer();
            case Controlled.Held held -> held(held);
            case Controlled.Busy _ ->
                Problem.of(
                                ProblemType.EXECUTION_BUSY,
                                "A piece of its work has been under way for longer than is waited for here: ask again in a while."
                                        + " Nothing was changed.",
                                _ -> {})
                        .answer();
            case Controlled.NoSuchExecution _ -> notFound(id.toString());
        };
    }

    private static HttpResponse<Content> held(Controlled.Held held) {
        return Problem.of(
                        ProblemType.EXECUTION_HELD,
                        "The node \"" + held.node() + "\" has it until " + held.leaseUntil()
                                + " at least: cancel it, or abandon it by force (\"force\":true; --force on the command line).",
                        json -> {
                            json.writeStringField("node", held.node());
                            json.writeStringField(
                                    "lease_until", held.leaseUntil().toString());
                        })
                .answer();
    }

    private MutableHttpResponse<Content> whole(ExecutionView view) {
        ExecutionText.Whole whole = new ExecutionText.Whole(jobs.findings(view.id()), jobs.claims(view.id()));
        return Answers.json(json -> ExecutionText.write(json, view, whole));
    }

    private static HttpResponse<Content> notFound(String id) {
        return Problem.of(
                        ProblemType.EXECUTION_NOT_FOUND,
                        "GET /v1/executions lists those there are; \"" + Query.shown(id) + "\" is none.")
                .answer();
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
