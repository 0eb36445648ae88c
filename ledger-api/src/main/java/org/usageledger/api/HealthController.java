package org.usageledger.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.log.Horizon;
import org.usageledger.projection.ProjectionStatus;

/** For whoever keeps the service running. */
@Controller("/health")
@ExecuteOn(TaskExecutors.BLOCKING)
final class HealthController {
    private final Health health;

    HealthController(Health health) {
        this.health = health;
    }

    /** Whether the process answers at all: a restart would help if not. */
    @Get("/liveness")
    HttpResponse<Content> liveness() {
        return Answers.json(HealthController::up);
    }

    /** Whether requests can be served: send them elsewhere if not. */
    @Get("/readiness")
    HttpResponse<Content> readiness() {
        Health.Report report = health.report();
        return status(report, json -> {
            json.writeStartObject();
            json.writeStringField("status", word(report));
            json.writeEndObject();
        });
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

    /** What a database driver says may name hosts, users and values: that is for the log alone. */
    private static String told(String fault) {
        return fault.isEmpty() ? "" : "recording failed since it last succeeded; the service's log has the cause";
    }

    private static String word(Health.Report report) {
        return report.ready() ? "UP" : "DOWN";
    }

    private static void write(JsonGenerator json, Health.Report report) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", word(report));
        json.writeStringField("version", Version.current().value());
        json.writeStringField("checked_at", report.at().toString());
        json.writeObjectFieldStart("database");
        json.writeBooleanField("reachable", report.ready());
        json.writeEndObject();
        json.writeObjectFieldStart("log");
        if (report.horizon().isPresent()) {
            Horizon horizon = report.horizon().get();
            json.writeStringField("head", horizon.cursor().toString());
            json.writeNumberField("position", horizon.position());
            json.writeNumberField("pruned_up_to", horizon.prunedUpTo());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("appender");
        json.writeNumberField("queued_events", report.appender().queuedEvents());
        json.writeNumberField("transactions", report.appender().transactions());
        json.writeNumberField("events", report.appender().events());
        json.writeNumberField("in_doubt", report.appender().inDoubt());
        json.writeStringField("last_fault", told(report.appender().lastFault()));
        json.writeEndObject();
        json.writeArrayFieldStart("projections");
        for (ProjectionStatus projection : report.projections()) {
            json.writeStartObject();
            json.writeStringField("name", projection.projection());
            json.writeNumberField("position", projection.position());
            json.writeNumberField("lag", projection.lag());
            json.writeStringField("owner", projection.owner().orElse(null));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("degraded");
        json.writeStringField(
                "since", report.degradedSince().map(Object::toString).orElse(null));
        json.writeStringField("problem", report.problem());
        json.writeEndObject();
        json.writeEndObject();
    }
}
