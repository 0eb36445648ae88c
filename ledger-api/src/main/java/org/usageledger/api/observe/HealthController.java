package org.usageledger.api.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.log.Horizon;
import org.usageledger.projection.ProjectionStatus;

/** For whoever keeps the service running. */
@Controller("/health")
@ExecuteOn(TaskExecutors.BLOCKING)
final class HealthController {
    private static final String LEAVING = "OUT_OF_SERVICE";

    private final Health health;

    HealthController(Health health) {
        this.health = health;
    }

    /** Whether the process answers at all: a restart would help if not. */
    @Get("/liveness")
    HttpResponse<Content> liveness() {
        return Answers.json(HealthController::up);
    }

    /** Whether requests should be sent here: elsewhere if not. What comes all the same is served as long as the database answers. */
    @Get("/readiness")
    HttpResponse<Content> readiness() {
        Health.Report report = health.report();
        boolean leaves = health.leaves();
        return Answers.json(json -> {
                    json.writeStartObject();
                    json.writeStringField("status", leaves && report.ready() ? LEAVING : word(report));
                    json.writeEndObject();
                })
                .status(report.ready() && !leaves ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    }

    @Get
    HttpResponse<Content> health() {
        Health.Report report = health.report();
        return status(report, json -> write(json, report));
    }

    private static void up(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", "UP");
        json.writeEndObject();
    }

    private static HttpResponse<Content> status(Health.Report report, Content.JsonWriter writer) {
        return Answers.json(writer).status(report.ready() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    }

    private static String word(Health.Report report) {
        return report.ready() ? "UP" : "DOWN";
    }

    private void write(JsonGenerator json, Health.Report report) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", word(report));
        json.writeStringField("version", health.version());
        json.writeStringField("checked_at", report.at().toString());
        json.writeObjectFieldStart("database");
        json.writeBooleanField("reachable", report.ready());
        json.writeEndObject();
        json.writeObjectFieldStart("log");
        if (report.stored().isPresent()) {
            Horizon horizon = report.stored().get().horizon();
            json.writeStringField("head", horizon.cursor().toString());
            json.writeNumberField("position", horizon.position());
            json.writeNumberField("pruned_up_to", horizon.prunedUpTo());
        }
        json.writeEndObject();
        writeAppender(json, report);
        json.writeArrayFieldStart("projections");
        if (report.stored().isPresent()) {
            writeProjections(json, report.stored().get());
        }
        json.writeEndArray();
        json.writeObjectFieldStart("degraded");
        writeDegraded(json, report.degraded());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeDegraded(JsonGenerator json, List<Degraded> all) throws IOException {
        Optional<Degraded> oldest = all.stream().findFirst();
        json.writeStringField("since", oldest.map(one -> one.since().toString()).orElse(null));
        json.writeStringField("problem", oldest.map(Degraded::problem).orElse(""));
        json.writeArrayFieldStart("parts");
        for (Degraded degraded : all) {
            json.writeStartObject();
            json.writeStringField("part", degraded.part().label());
            json.writeStringField("since", degraded.since().toString());
            json.writeStringField("problem", degraded.problem());
            json.writeStringField("action", degraded.part().action());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String told(String fault) {
        return fault.isEmpty() ? "" : Degraded.Part.APPENDER.problem() + "; the service's log has the cause";
    }

    /** What a database driver says may name hosts, users and values: that is for the log alone. */
    private static void writeAppender(JsonGenerator json, Health.Report report) throws IOException {
        json.writeObjectFieldStart("appender");
        json.writeNumberField("queued_events", report.appender().queuedEvents());
        json.writeNumberField("queued_bytes", report.appender().queuedBytes());
        json.writeNumberField("transactions", report.appender().transactions());
        json.writeNumberField("events", report.appender().events());
        json.writeNumberField("in_doubt", report.appender().inDoubt());
        json.writeStringField("last_fault", told(report.appender().lastFault()));
        json.writeEndObject();
    }

    private static void writeProjections(JsonGenerator json, Health.Stored stored) throws IOException {
        for (ProjectionStatus projection : stored.projections()) {
            json.writeStartObject();
            json.writeStringField("name", projection.projection());
            json.writeNumberField("position", projection.position());
            json.writeNumberField("lag", projection.lag());
            json.writeNumberField(
                    "lag_seconds",
                    stored.lateness()
                            .getOrDefault(projection.projection(), Duration.ZERO)
                            .toSeconds());
            json.writeStringField("owner", projection.owner().orElse(null));
            json.writeEndObject();
        }
    }
}
