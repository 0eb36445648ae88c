package org.usageledger.api.jobs;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.usageledger.api.access.Caller;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.jobs.ExecutionView;
import org.usageledger.jobs.Found;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.Started;

/** Jobs and their executions. */
@Controller("/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class JobsController {
    private static final int DEFAULT_LIMIT = 100;

    private final Jobs jobs;

    JobsController(Jobs jobs) {
        this.jobs = jobs;
    }

    @Get("/jobs")
    HttpResponse<Content> jobs() {
        List<String> names = jobs.names();
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("jobs");
            for (String name : names) {
                json.writeStartObject();
                json.writeStringField("name", name);
                json.writeFieldName("latest");
                Optional<ExecutionView> latest =
                        jobs.executions(Optional.of(name), 1).stream().findFirst();
                if (latest.isPresent()) {
                    ExecutionText.write(json, latest.get());
                } else {
                    json.writeNull();
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Post("/jobs/{name}/executions")
    @Consumes(MediaType.ALL)
    HttpResponse<Content> start(String name, HttpRequest<?> request) throws IOException {
        try {
            StartRequest wish = StartRequest.read(request);
            String who = Caller.of(request).name();
            return answer(name, jobs.start(name, wish.parameters(), wish.requestKey(), who));
        } catch (BodyRefused e) {
            return e.problem().answer();
        }
    }

    private HttpResponse<Content> answer(String name, Started started) {
        return switch (started) {
            case Started.Accepted accepted -> accepted(name, accepted.execution());
            case Started.ActiveAlready active ->
                taken(
                        ProblemType.EXECUTION_ACTIVE,
                        "Wait until execution " + active.execution() + " has ended, then start this one.",
                        active.execution());
            case Started.KeyTaken taken ->
                taken(
                        ProblemType.REQUEST_KEY_TAKEN,
                        "Execution " + taken.execution()
                                + " has this request_key and other parameters: choose another key.",
                        taken.execution());
            case Started.BadParameters bad ->
                Problem.of(
                                ProblemType.BAD_JOB_PARAMETER,
                                "The job \"" + Query.shown(name) + "\": " + bad.problem() + ".")
                        .answer();
            case Started.NoSuchJob _ ->
                Problem.of(
                                ProblemType.JOB_NOT_FOUND,
                                "There is no job \"" + Query.shown(name) + "\"; there are "
                                        + String.join(", ", jobs.names()) + ".")
                        .answer();
        };
    }

    private HttpResponse<Content> accepted(String name, UUID id) {
        String state = jobs.execution(id).map(view -> view.state().label()).orElse("pending");
        return Answers.json(json -> {
                    json.writeStartObject();
                    json.writeStringField("id", id.toString());
                    json.writeStringField("job", name);
                    json.writeStringField("state", state);
                    json.writeEndObject();
                })
                .status(HttpStatus.ACCEPTED)
                .header(HttpHeaders.LOCATION, "/v1/executions/" + id);
    }

    private static HttpResponse<Content> taken(ProblemType type, String detail, UUID id) {
        return Problem.of(type, detail, json -> json.writeStringField("id", id.toString()))
                .answer();
    }

    @Get("/executions")
    @Accepts({"job", "limit"})
    HttpResponse<Content> executions(HttpRequest<?> request) {
        Query query = Query.of(request);
        Optional<String> job = query.choice("job", jobs.names(), name -> name);
        int limit = query.integer("limit", DEFAULT_LIMIT, 1, Jobs.LIST_LIMIT);
        if (query.refusal().isPresent()) {
            return query.refusal().get().answer();
        }
        List<ExecutionView> executions = jobs.executions(job, limit);
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

    @Get("/executions/{id}")
    HttpResponse<Content> execution(String id) {
        return uuid(id).flatMap(jobs::execution)
                .<HttpResponse<Content>>map(this::withFindings)
                .orElseGet(() -> Problem.of(
                                ProblemType.EXECUTION_NOT_FOUND,
                                "GET /v1/executions lists those there are; \"" + Query.shown(id) + "\" is none.")
                        .answer());
    }

    private HttpResponse<Content> withFindings(ExecutionView view) {
        List<Found> findings = jobs.findings(view.id());
        return Answers.json(json -> ExecutionText.write(json, view, findings));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
