package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.usageledger.api.access.Caller;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.jobs.ExecutionView;
import org.usageledger.jobs.Job;
import org.usageledger.jobs.JobNode;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.Started;
import org.usageledger.jobs.schedule.ScheduleTask;
import org.usageledger.jobs.schedule.ScheduleView;
import org.usageledger.jobs.schedule.Schedules;

/** Jobs: what there is, and starting them. */
@Controller("/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class JobsController {
    private static final List<String> LOOKS_FOR_WORK = List.of(JobNode.RECOVERY, ScheduleTask.NAME);

    private final Jobs jobs;
    private final Schedules schedules;
    private final JobNode node;

    JobsController(Jobs jobs, Schedules schedules, JobNode node) {
        this.jobs = jobs;
        this.schedules = schedules;
        this.node = node;
    }

    @Get("/jobs")
    HttpResponse<Content> jobs() {
        Map<String, ScheduleView> due = schedules.list().stream()
                .collect(Collectors.toMap(view -> view.schedule().job(), Function.identity()));
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("jobs");
            for (String name : jobs.names()) {
                write(json, jobs.job(name).orElseThrow(), Optional.ofNullable(due.get(name)));
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Get("/jobs/{name}")
    HttpResponse<Content> job(String name) {
        Optional<Job> job = jobs.job(name);
        if (job.isEmpty()) {
            return notFound(name);
        }
        Optional<ScheduleView> schedule = schedules.get(name);
        return Answers.json(json -> write(json, job.get(), schedule));
    }

    private void write(JsonGenerator json, Job job, Optional<ScheduleView> schedule) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", job.name());
        json.writeStringField("description", job.description());
        json.writeFieldName("latest");
        Optional<ExecutionView> latest =
                jobs.executions(Optional.of(job.name()), 1).stream().findFirst();
        if (latest.isPresent()) {
            ExecutionText.write(json, latest.get());
        } else {
            json.writeNull();
        }
        json.writeFieldName("schedule");
        if (schedule.isPresent()) {
            ScheduleText.write(json, schedule.get());
        } else {
            json.writeNull();
        }
        json.writeEndObject();
    }

    /** Whoever starts and takes up executions looks at all of them, so that it does not matter which job is named. */
    @Post("/jobs/{name}/activate")
    HttpResponse<Content> activate(String name) {
        if (jobs.job(name).isEmpty()) {
            return notFound(name);
        }
        List<String> woken = node.tasks().stream()
                .flatMap(driver -> LOOKS_FOR_WORK.stream().filter(driver::activate))
                .toList();
        return Activated.answer(node.identity().id(), woken);
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
                        "Wait until execution " + active.execution()
                                + " has ended, or cancel or abandon it, then start this one.",
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
            case Started.NoSuchJob _ -> notFound(name);
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

    private HttpResponse<Content> notFound(String name) {
        return Problem.of(
                        ProblemType.JOB_NOT_FOUND,
                        "There is no job \"" + Query.shown(name) + "\"; there are " + String.join(", ", jobs.names())
                                + ".")
                .answer();
    }

    private static HttpResponse<Content> taken(ProblemType type, String detail, UUID id) {
        return Problem.of(type, detail, json -> json.writeStringField("id", id.toString()))
                .answer();
    }
}
