package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/** What operators ask of the service, with one deadline for all of it. */
final class Operating {
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private Operating() {}

    static JsonNode get(PersistentCaller caller, String path) throws InterruptedException {
        return caller.send(Call.get(path, DEADLINE)).json();
    }

    /** Asks for the first path that is not answered with 404; with that of the last where all are. */
    static Answer firstFound(PersistentCaller caller, Call... calls) throws InterruptedException {
        Optional<Answer> answer = Optional.empty();
        for (Call call : calls) {
            answer = Optional.of(caller.send(call));
            if (answer.get().status() != 404) {
                return answer.get();
            }
        }
        return answer.orElseThrow();
    }

    static Call post(String path, ObjectNode body) {
        return Call.post(path, "application/json", Bytes.of(JsonText.line(body)), DEADLINE);
    }

    /** Prints an object as people read it, or as it came. */
    static void print(Terminal terminal, boolean json, JsonNode object) {
        if (json) {
            terminal.out().println(JsonText.line(object));
        } else {
            new Sheet(terminal.out()).print(object);
        }
        terminal.out().flush();
    }
}
