package org.usageledger.api.jobs;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.List;
import org.usageledger.api.access.Caller;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.schedule.ScheduleView;
import org.usageledger.jobs.schedule.Schedules;
import org.usageledger.jobs.schedule.Written;

/** Which jobs start by themselves, and when. */
@Controller("/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class SchedulesController {
    private final Schedules schedules;
    private final Jobs jobs;

    SchedulesController(Schedules schedules, Jobs jobs) {
        this.schedules = schedules;
        this.jobs = jobs;
    }

    @Get("/schedules")
    HttpResponse<Content> schedules() {
        List<ScheduleView> views = schedules.list();
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("schedules");
            for (ScheduleView view : views) {
                ScheduleText.write(json, view);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Put("/jobs/{name}/schedule")
    @Consumes(MediaType.ALL)
    HttpResponse<Content> put(String name, HttpRequest<?> request) throws IOException {
        try {
            Schedules.Wish wish = ScheduleRequest.read(request);
            String who = Caller.of(request).name();
            return answer(name, schedules.put(name, wish, who));
        } catch (BodyRefused e) {
            return e.problem().answer();
        }
    }

    private HttpResponse<Content> answer(String name, Written written) {
        return switch (written) {
            case Written.Stored stored -> Answers.json(json -> ScheduleText.write(json, stored.view()));
            case Written.BadCron bad -> badCron(bad).answer();
            case Written.BadTimeZone bad ->
                Problem.of(
                                ProblemType.BAD_TIME_ZONE,
                                bad.problem(),
                                json -> json.writeStringField("parameter", "time_zone"))
                        .answer();
            case Written.BadParameters bad ->
                Problem.of(
                                ProblemType.BAD_JOB_PARAMETER,
                                "The job \"" + Query.shown(name) + "\": " + bad.problem() + ".")
                        .answer();
            case Written.NoSuchJob _ ->
                Problem.of(
                                ProblemType.JOB_NOT_FOUND,
                                "There is no job \"" + Query.shown(name) + "\"; there are "
                                        + String.join(", ", jobs.names()) + ".")
                        .answer();
        };
    }

    private static Problem badCron(Written.BadCron bad) {
        Problem problem =
                Problem.of(ProblemType.BAD_CRON, bad.problem(), json -> json.writeStringField("parameter", "cron"));
        return bad.field().isPresent()
                ? problem.with(
                        json -> json.writeStringField("cron_field", bad.field().get()))
                : problem;
    }

    /** Also of a job that this node does not know: its schedule may be older than the node. */
    @Delete("/jobs/{name}/schedule")
    HttpResponse<Content> delete(String name) {
        if (schedules.delete(name)) {
            return HttpResponse.noContent();
        }
        return Problem.of(
                        ProblemType.SCHEDULE_NOT_FOUND,
                        "GET /v1/schedules lists those there are; \"" + Query.shown(name) + "\" has none.")
                .answer();
    }
}
