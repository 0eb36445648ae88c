package org.usageledger.api.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.usageledger.postgres.testing.Await;

/** Whoever looks at the recovery of one node over HTTP, and has it look for work. */
final class Operator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LOCAL = List.of("starting", "in_doubt", "running", "ended", "maybe_done");

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI service;

    Operator(URI service) {
        this.service = service;
    }

    /** Asks for a pass, which may become one with others that were asked for before it began. */
    void activate() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(service.resolve("/v1/tasks/job_recovery/activate"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody()));
        if (answer.statusCode() != 202) {
            throw new AssertionError("activating: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** What this node reports of its own recovery. */
    JsonNode report() {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(service.resolve("/v1/tasks/job_recovery"))
                .GET());
        try {
            JsonNode all = JSON.readTree(answer.body());
            for (JsonNode report : all.path("reports")) {
                if (report.path("node").equals(all.path("node"))) {
                    return report;
                }
            }
            throw new AssertionError("no report of its own: " + answer.body());
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + answer.body(), e);
        }
    }

    /** Has two passes made that begin after this call, and reads the report after them. */
    JsonNode reportAfterTwoPasses() {
        // One may be under way now.
        pass();
        pass();
        return pass();
    }

    private JsonNode pass() {
        long before = iteration(report());
        activate();
        return Await.until(PATIENCE, () -> {
            JsonNode now = report();
            return iteration(now) > before && now.at("/current/state").asText().equals("idle")
                    ? new Await.Seen.Ready<>(now)
                    : new Await.Seen.NotYet<>(now.toString());
        });
    }

    private static long iteration(JsonNode report) {
        return report.at("/last/iteration").asLong();
    }

    /** How many executions a node believes to have or to have had. */
    static long local(JsonNode report) {
        return LOCAL.stream().mapToLong(name -> count(report, "local", name)).sum();
    }

    /** A count that must be there. */
    static long count(JsonNode report, String group, String name) {
        JsonNode count = report.path(group).path(name);
        if (!count.isIntegralNumber()) {
            throw new AssertionError("no count " + group + "/" + name + " in " + report);
        }
        return count.asLong();
    }

    /** A count since the node's process started. */
    static long sinceStart(JsonNode report, String name) {
        return count(report, "since_start", name);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + service, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for an answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
