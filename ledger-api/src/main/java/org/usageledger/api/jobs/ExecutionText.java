package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.usageledger.jobs.ExecutionView;
import org.usageledger.jobs.Found;
import org.usageledger.jobs.Progress;

/** Writes executions as operators read them. */
final class ExecutionText {
    private ExecutionText() {}

    /** One of many: without its findings. */
    static void write(JsonGenerator json, ExecutionView execution) throws IOException {
        write(json, execution, Optional.empty());
    }

    /** The one that was asked for, with what it found. */
    static void write(JsonGenerator json, ExecutionView execution, List<Found> findings) throws IOException {
        write(json, execution, Optional.of(findings));
    }

    private static void write(JsonGenerator json, ExecutionView execution, Optional<List<Found>> findings)
            throws IOException {
        json.writeStartObject();
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
        json.writeStringField(
                "ended_at", execution.finishedAt().map(Instant::toString).orElse(null));
        json.writeStringField("node", execution.node().orElse(null));
        json.writeNumberField("claims", execution.claims());
        json.writeNumberField("failures", execution.failures());
        json.writeStringField("error", execution.error().orElse(null));
        json.writeObjectFieldStart("report");
        json.writeNumberField("chunks", execution.chunks());
        if (execution.progress().isPresent()) {
            Progress progress = execution.progress().get();
            json.writeNumberField("position", progress.position());
            json.writeNumberField("goal", progress.goal());
        }
        if (findings.isPresent()) {
            writeFindings(json, findings.get());
        }
        json.writeEndObject();
        json.writeEndObject();
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
