package org.usageledger.api.jobs;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import java.util.List;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;

/** The answer to the wish that something be looked after now. */
final class Activated {
    private Activated() {}

    static HttpResponse<Content> answer(String node, List<String> tasks) {
        return Answers.json(json -> {
                    json.writeStartObject();
                    json.writeStringField("node", node);
                    json.writeArrayFieldStart("activated");
                    for (String task : tasks) {
                        json.writeString(task);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                })
                .status(HttpStatus.ACCEPTED);
    }
}
