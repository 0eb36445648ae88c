package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.usageledger.api.LiveService;
import org.usageledger.postgres.testing.Await;

/** Sequences of real usage events, in by HTTP and out again, and what runs by them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsageVectorsOverHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path VECTORS =
            Path.of("..", "ledger-domain", "src", "test", "resources", "usage-vectors.json");

    private final LiveService service = LiveService.start();
    private final PlainFold fold = new PlainFold();
    private final List<JsonNode> toBeRecorded = new ArrayList<>();
    private int suppressed;
    private String head = "";

    UsageVectorsOverHttpTest() throws IOException {
        for (JsonNode vector : JSON.readTree(VECTORS.toFile()).path("vectors")) {
            record(vector);
        }
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private void record(JsonNode vector) {
        List<String> sent = new ArrayList<>();
        List<String> outcomes = new ArrayList<>();
        for (JsonNode event : vector.path("events")) {
            ObjectNode resource = event.path("resource").deepCopy();
            boolean recorded = fold.takes(event.path("kind").asText(), resource, toBeRecorded.size() + 1);
            outcomes.add(recorded ? "recorded" : "suppressed");
            suppressed += recorded ? 0 : 1;
            if (recorded) {
                toBeRecorded.add(resource.deepCopy());
            }
            sent.add(resource.put("kind", event.path("kind").asText()).toString());
        }
        LiveService.Answer answer = service.append(sent.toArray(String[]::new));
        assertThat(answer.status()).as("%s: %s", vector.path("id"), answer).isEqualTo(200);
        assertThat(answer.json().path("results"))
                .extracting(one -> one.path("outcome").asText())
                .as(vector.path("id").asText())
                .isEqualTo(outcomes);
        head = answer.json().path("head").asText();
    }

    @Test
    void all_that_are_to_be_recorded_come_back_in_order_with_every_field() throws IOException {
        LiveService.Answer answer = service.get("/v1/events?after=oldest", "Accept", "application/x-ndjson");
        List<JsonNode> served = new ArrayList<>();
        for (String line : new String(answer.response().body(), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            JsonNode event = JSON.readTree(line);
            served.add(event.path("event"));
            assertThat(event.path("position").asLong()).isEqualTo(served.size());
        }
        assertThat(served).isEqualTo(toBeRecorded);
        assertThat(service.get("/v1/suppressed").json().path("suppressed")).hasSize(suppressed);
    }

    @Test
    void sent_again_in_the_order_of_their_arrival_nothing_is_recorded_twice() throws IOException {
        for (JsonNode vector : JSON.readTree(VECTORS.toFile()).path("vectors")) {
            for (JsonNode place : vector.path("arrival")) {
                JsonNode event = vector.path("events").get(place.asInt() - 1);
                ObjectNode resource = event.path("resource").deepCopy();
                LiveService.Answer answer = service.append(
                        resource.put("kind", event.path("kind").asText()).toString());
                assertThat(answer.json().path("duplicates").asInt())
                        .as("%s", answer)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void what_runs_agrees_with_a_plain_fold_of_the_same_events() {
        Map<String, String> expected = fold.running();
        assertThat(expected).isNotEmpty();
        Await.untilTrue(
                Duration.ofSeconds(30),
                () -> "runs: " + running() + ", by the fold: " + expected,
                () -> running().equals(expected));
    }

    private Map<String, String> running() {
        Map<String, String> running = new TreeMap<>();
        for (JsonNode one :
                service.get("/v1/running?limit=1000&not_before=" + head).json().path("running")) {
            running.put(
                    one.path("kind").asText() + " " + one.path("guid").asText(),
                    PlainFold.text(
                            one.path("since").asText(),
                            one.path("instances").asInt(),
                            one.path("memory_mb").asInt(),
                            one.path("first_position").asLong(),
                            one.path("latest_position").asLong()));
        }
        return running;
    }
}
