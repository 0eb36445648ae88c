package org.usageledger.api.events;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.Optional;
import org.usageledger.api.http.Accepts;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.Query;
import org.usageledger.log.SuppressedStop;
import org.usageledger.log.SuppressedStops;

/** The task stops that were not recorded, for operators. */
@Controller("/v1/suppressed")
@ExecuteOn(TaskExecutors.BLOCKING)
final class SuppressedController {
    private static final int DEFAULT_LIMIT = 1000;
    private static final int MAX_LIMIT = 5000;

    private final SuppressedStops stops;

    SuppressedController(SuppressedStops stops) {
        this.stops = stops;
    }

    @Get
    @Accepts({"after", "limit"})
    HttpResponse<Content> list(HttpRequest<?> request) {
        Query query = Query.of(request);
        long after = query.number("after", 0, 0, Long.MAX_VALUE);
        int limit = query.integer("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        Optional<Problem> refusal = query.refusal();
        if (refusal.isPresent()) {
            return refusal.get().answer();
        }
        SuppressedStops.Listed page = stops.list(after, limit);
        long waiting = stops.count();
        return Answers.json(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("suppressed");
            for (SuppressedStop stop : page.stops()) {
                write(json, stop);
            }
            json.writeEndArray();
            if (page.more()) {
                json.writeStringField(
                        "next", String.valueOf(page.stops().getLast().number()));
            } else {
                json.writeNullField("next");
            }
            json.writeNumberField("waiting", waiting);
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, SuppressedStop stop) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", stop.number());
        json.writeStringField("reason", stop.reason().label());
        json.writeStringField("suppressed_at", stop.suppressedAt().toString());
        json.writeStringField("occurred_at", stop.occurredAt().toString());
        json.writeStringField("guid", stop.guid());
        json.writeStringField("task", stop.task());
        json.writeStringField("previous_state", stop.previousState());
        json.writeStringField("app", stop.app());
        json.writeStringField("space", stop.space());
        json.writeStringField("organization", stop.organization());
        Long position = stop.recordedPosition();
        if (position == null) {
            json.writeNullField("recorded_position");
        } else {
            json.writeNumberField("recorded_position", position);
        }
        json.writeFieldName("event");
        json.writeRawValue(new SerializedString(stop.body().toString()));
        json.writeEndObject();
    }
}
