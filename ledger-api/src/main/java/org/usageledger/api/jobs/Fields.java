package org.usageledger.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.jobs.ExecutionView;

/** Writes what several of the answers to operators have in common. */
final class Fields {
    private Fields() {}

    /** A time, or null. */
    static void time(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
        json.writeStringField(name, time.map(Instant::toString).orElse(null));
    }

    /** What an operator wanted, or null. */
    static void said(JsonGenerator json, String name, Optional<ExecutionView.Said> said) throws IOException {
        json.writeFieldName(name);
        if (said.isPresent()) {
            json.writeStartObject();
            said(json, said.get());
            json.writeEndObject();
        } else {
            json.writeNull();
        }
    }

    /** The fields of what an operator wanted. */
    static void said(JsonGenerator json, ExecutionView.Said said) throws IOException {
        json.writeStringField("by", said.by());
        json.writeStringField("reason", said.why());
        json.writeStringField("at", said.at().toString());
    }

    /** Maps, lists, whole numbers, truths and null as JSON; anything else as its text. */
    static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Long number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName(String.valueOf(entry.getKey()));
                    value(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object element : list) {
                    value(json, element);
                }
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }
}
