package org.usageledger.api.access;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.Query;

/** What was done by whom, for those who answer for it. */
@Controller("/v1/audit")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AuditController {
    private static final int DEFAULT_LIMIT = 100;

    private final AuditLog log;

    AuditController(AuditLog log) {
        this.log = log;
    }

    @Get
    @Accepts({"after", "newest", "limit"})
    HttpResponse<Content> list(HttpRequest<?> request) {
        Query query = Query.of(request);
        long wanted = query.number("after", 0, 0, Long.MAX_VALUE);
        boolean newest = query.flag("newest", false);
        int limit = query.integer("limit", DEFAULT_LIMIT, 1, AuditLog.LIST_LIMIT);
        Optional<Problem> refusal = query.refusal();
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        long after = newest ? log.beforeNewest(limit) : wanted;
        List<AuditEntry> entries = log.list(after, limit);
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("entries");
            for (AuditEntry entry : entries) {
                write(json, entry);
            }
            json.writeEndArray();
            json.writeNumberField(
                    "next", entries.isEmpty() ? after : entries.getLast().number());
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, AuditEntry entry) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", entry.number());
        json.writeStringField("at", entry.at().toString());
        json.writeStringField("subject", entry.subject().orElse(null));
        json.writeStringField("client", entry.client().orElse(null));
        json.writeStringField("address", entry.address());
        json.writeStringField("route", entry.route());
        json.writeStringField("target", entry.target());
        json.writeStringField("request_id", entry.requestId());
        json.writeNumberField("attempts", entry.attempts());
        json.writeFieldName("outcome");
        if (entry.outcome().isPresent()) {
            write(json, entry.outcome().get());
        } else {
            json.writeNull();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, AuditEntry.Outcome outcome) throws IOException {
        json.writeStartObject();
        json.writeStringField("at", outcome.at().toString());
        json.writeNumberField("status", outcome.status());
        json.writeStringField("location", outcome.location().orElse(null));
        json.writeEndObject();
    }
}
