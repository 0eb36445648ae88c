package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * One carrying-out of a job, as the service reports it.
 *
 * @param body the whole report
 */
record Execution(String id, String job, String state, JsonNode body) {
    private static final Set<String> AT_REST = Set.of("done", "failed", "stuck", "cancelled", "abandoned");
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    static Execution of(JsonNode body) {
        return new Execution(JsonText.text(body, "id"), JsonText.text(body, "job"), JsonText.text(body, "state"), body);
    }

    /** Asks with a key of its own, so that a request sent again is the same request. */
    static Execution start(PersistentCaller caller, String job, Map<String, String> parameters)
            throws InterruptedException {
        ObjectNode wish = JsonText.object().put("request_key", UUID.randomUUID().toString());
        parameters.forEach(wish::put);
        Bytes body = Bytes.of(JsonText.line(wish));
        String path = "/v1/jobs/" + Query.encoded(job) + "/executions";
        Answer answer = caller.send(Call.post(path, "application/json", body, DEADLINE));
        return of(answer.json());
    }

    static Execution load(PersistentCaller caller, String id) throws InterruptedException {
        return of(caller.send(Call.get("/v1/executions/" + Query.encoded(id), DEADLINE))
                .json());
    }

    /** Looks again and again until it rests. */
    Execution awaitRest(PersistentCaller caller, Interruption interruption, Progress progress)
            throws InterruptedException {
        Execution seen = this;
        while (!seen.atRest()) {
            interruption.pause(BETWEEN_LOOKS);
            seen = load(caller, id);
            JsonNode report = seen.body().path("report");
            progress.total(report.path("goal").asLong(-1));
            progress.at(report.path("position").asLong(), seen.state());
        }
        return seen;
    }

    boolean atRest() {
        return AT_REST.contains(state);
    }

    boolean done() {
        return state.equals("done");
    }
}
