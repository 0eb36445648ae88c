package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.usageledger.jobs.ClaimView;
import org.usageledger.jobs.ExecutionView;
import org.usageledger.jobs.Found;
import org.usageledger.jobs.Progress;

/** Writes executions as operators read them. */
final class ExecutionText {
    private ExecutionText() {}

    /** What is only told of one that was asked for by its id. */
    record Whole(List<Found> findings, List<ClaimView> claims) {}

    /** One of many. */
    static void write(JsonGenerator json, ExecutionView execution) throws IOException {
        write(json, execution, Optional.empty());
    }

    /** The one that was asked for. */
    static void write(JsonGenerator json, ExecutionView execution, Whole whole) throws IOException {
        write(json, execution, Optional.of(whole));
    }

    private static void write(JsonGenerator json, ExecutionView execution, Optional<Whole> whole) throws IOException {
        json.writeStartObject();
        writeWish(json, execution);
        writeAttempts(json, execution);
        writeStops(json, execution);
        if (whole.isPresent()) {
            writeClaims(json, whole.get().claims());
        }
        json.writeObjectFieldStart("report");
        json.writeNumberField("chunks", execution.chunks());
        if (execution.progress().isPresent()) {
            Progress progress = execution.progress().get();
            json.writeNumberField("position", progress.position());
            json.writeNumberField("goal", progress.goal());
        }
        if (whole.isPresent()) {
            writeFindings(json, whole.get().findings());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeWish(JsonGenerator json, ExecutionView execution) throws IOException {
        json.writeStringField("id", execution.id().toString());
        json.writeStringField("job", execution.job());
        json.writeStringField("state", execution.state().label());
        json.writeStringField("request_key", execution.requestKey());
        json.writeObjectFieldStart("parameters");
        for (Map.Entry<String, String> parameter : execution.parameters().entrySet()) {
            json.writeStringField(parameter.getKey(), parameter.getValue());
        }
        json.writeEndObject();
        json.writeStringField("requested_by", execution.createdBy());
        json.writeStringField("requested_at", execution.createdAt().toString());
        json.writeStringField("progressed_at", execution.progressedAt().toString());
        Fields.time(json, "ended_at", execution.finishedAt());
    }

    private static void writeAttempts(JsonGenerator json, ExecutionView execution) throws IOException {
        json.writeStringField(
                "node", execution.owner().map(ExecutionView.Owner::node).orElse(null));
        json.writeFieldName("owner");
        if (execution.owner().isPresent()) {
            ExecutionView.Owner owner = execution.owner().get();
            json.writeStartObject();
            json.writeStringField("node", owner.node());
            json.writeNumberField("incarnation", owner.incarnation());
            json.writeStringField("lease_until", owner.leaseUntil().toString());
            json.writeEndObject();
        } else {
            json.writeNull();
        }
        json.writeNumberField("claims", execution.claims());
        json.writeNumberField("failures", execution.failures());
        json.writeStringField("error", execution.error().orElse(null));
        Fields.time(json, "next_attempt_at", execution.nextAttemptAt());
        json.writeNumberField("step", execution.step());
        json.writeFieldName("rate");
        if (execution.rate().isPresent()) {
            json.writeNumber(execution.rate().getAsDouble());
        } else {
            json.writeNull();
        }
        Fields.time(json, "expected_at", execution.expectedAt());
    }

    private static void writeStops(JsonGenerator json, ExecutionView execution) throws IOException {
        Fields.said(json, "cancel", execution.cancelling());
        json.writeFieldName("abandoned");
        if (execution.abandoned().isPresent()) {
            ExecutionView.Abandoned abandoned = execution.abandoned().get();
            json.writeStartObject();
            json.writeStringField("cause", abandoned.reason());
            Fields.said(json, abandoned.said());
            json.writeEndObject();
        } else {
            json.writeNull();
        }
    }

    private static void writeClaims(JsonGenerator json, List<ClaimView> claims) throws IOException {
        json.writeArrayFieldStart("claim_history");
        for (ClaimView claim : claims) {
            json.writeStartObject();
            json.writeNumberField("epoch", claim.epoch());
            json.writeStringField("node", claim.node());
            json.writeNumberField("incarnation", claim.incarnation());
            json.writeStringField("reason", claim.reason());
            json.writeStringField("at", claim.at().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeFindings(JsonGenerator json, List<Found> findings) throws IOException {
        json.writeArrayFieldStart("findings");
        for (Found found : findings) {
            json.writeStartObject();
            json.writeNumberField("position", found.position());
            json.writeStringField("finding", found.what());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
