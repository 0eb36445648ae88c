package org.usageledger.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;

class NodesOverHttpTest {
    private static final String REASON = "{\"reason\":\"its machine is replaced\"}";
    private LiveService ledger;
    private String node;

    @BeforeEach
    void start() {
        ledger = LiveService.start();
        node = "/v1/nodes/" + ledger.get("/v1/nodes").json().at("/nodes/0/id").asText();
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private Answer post(String path, String body) {
        return ledger.post(path, "application/json", bytes(body));
    }

    @Test
    void a_node_is_listed_and_shown() {
        Await.untilTrue(
                Duration.ofSeconds(60),
                () -> ledger.get(node).text(),
                () -> ledger.get(node).json().path("state").asText().equals("active"));
        JsonNode shown = ledger.get(node).json();

        assertThat(shown.path("heard").asBoolean()).isTrue();
        assertThat(shown.path("incarnation").asLong()).isEqualTo(1);
        assertThat(shown.path("quiesced").isNull()).isTrue();
        assertThat(shown.path("expunged").isNull()).isTrue();
        assertThat(ledger.get("/v1/nodes").json().path("nodes")).hasSize(1);
        assertThat(ledger.get("/v1/nodes/none").problem()).isEqualTo("node-not-found");
    }

    @Test
    void a_node_that_is_quiesced_hands_over_and_goes_on_answering() {
        Answer asked = post(node + "/quiesce", REASON);

        assertThat(asked.status()).as(asked.toString()).isEqualTo(202);
        assertThat(asked.json().at("/quiesced/reason").asText()).isEqualTo("its machine is replaced");
        assertThat(asked.json().at("/quiesced/by").asText()).isEqualTo("unauthenticated");
        Await.untilTrue(
                Duration.ofSeconds(60),
                () -> ledger.get(node).text(),
                () -> ledger.get(node).json().path("state").asText().equals("drained"));
        assertThat(ledger.append(Events.started("n-1", "n-p1")).status()).isEqualTo(200);
        assertThat(ledger.get("/v1/events").status()).isEqualTo(200);
        assertThat(post(node + "/quiesce", REASON).status()).as("again").isEqualTo(202);
        assertThat(post("/v1/nodes/none/quiesce", REASON).problem()).isEqualTo("node-not-found");
        assertThat(post(node + "/quiesce", "{}").problem()).isEqualTo("malformed-body");
    }

    /** Mutant: readiness looks at the database alone. */
    @Test
    void a_node_that_is_asked_to_hand_over_is_not_ready_although_it_serves_what_comes() {
        assertThat(ledger.get("/health/readiness").status()).isEqualTo(200);

        post(node + "/quiesce", REASON);

        awaitOutOfService();
        assertThat(ledger.append(Events.started("n-2", "n-p2")).status()).isEqualTo(200);
        assertThat(ledger.get("/health").status()).isEqualTo(200);
        assertThat(ledger.get("/health/liveness").status()).isEqualTo(200);
    }

    @Test
    void a_node_that_is_expunged_is_not_ready() {
        post(node + "/expunge", "{\"reason\":\"it is gone\",\"force\":true}");

        awaitOutOfService();
    }

    private void awaitOutOfService() {
        Await.untilTrue(
                Duration.ofSeconds(60),
                () -> ledger.get("/health/readiness").toString(),
                () -> ledger.get("/health/readiness").status() == 503);
        assertThat(ledger.get("/health/readiness").json().path("status").asText())
                .isEqualTo("OUT_OF_SERVICE");
    }

    @Test
    void a_node_that_lives_is_expunged_by_force_only() {
        Answer refused = post(node + "/expunge", REASON);

        assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("node-alive");
        assertThat(refused.json().path("detail").asText())
                .contains("quiesce it")
                .contains("by force");
        assertThat(refused.json().path("seen_at").asText()).isNotEmpty();

        Answer forced = post(node + "/expunge", "{\"reason\":\"it is gone\",\"force\":true}");

        assertThat(forced.status()).as(forced.toString()).isEqualTo(200);
        assertThat(forced.json().path("state").asText()).isEqualTo("expunged");
        assertThat(forced.json().at("/expunged/reason").asText()).isEqualTo("it is gone");
        Answer late = post(node + "/quiesce", REASON);
        assertThat(late.problem()).isEqualTo("node-expunged");
        assertThat(late.json().path("detail").asText()).contains("another LEDGER_NODE");
        assertThat(post("/v1/nodes/none/expunge", REASON).problem()).isEqualTo("node-not-found");
    }
}
