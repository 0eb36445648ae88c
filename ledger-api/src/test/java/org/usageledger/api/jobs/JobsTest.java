package org.usageledger.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;

class JobsTest {
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
        ledger.append(Events.started("e-1", "p-1"));
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static Answer start(String job, String body) {
        return ledger.post("/v1/jobs/" + job + "/executions", "application/json", bytes(body));
    }

    @Test
    void a_rebuild_is_accepted_carried_out_and_reported() {
        String head =
                ledger.append(Events.started("e-2", "p-2")).json().path("head").asText();
        JsonNode before = ledger.get("/v1/running?not_before=" + head).json().path("running");
        Answer accepted = start("rebuild", "{\"projection\":\"running\",\"request_key\":\"once\"}");

        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
        String location = accepted.header("Location");
        assertThat(location)
                .isEqualTo("/v1/executions/" + accepted.json().path("id").asText());
        Await.untilTrue(
                Duration.ofSeconds(60),
                () -> ledger.get(location).text(),
                () -> ledger.get(location).json().path("state").asText().equals("done"));
        assertThat(ledger.get("/v1/running").json().path("running")).isEqualTo(before);
        assertThat(start("rebuild", "{\"projection\":\"running\",\"request_key\":\"once\"}")
                        .header("Location"))
                .isEqualTo(location);
        assertThat(ledger.get("/v1/executions?job=rebuild")
                        .json()
                        .path("executions")
                        .get(0)
                        .path("request_key")
                        .asText())
                .isEqualTo("once");
        assertThat(ledger.get("/v1/jobs").text()).contains("\"rebuild\"");
    }

    @Test
    void what_cannot_be_started_is_refused() {
        assertThat(start("nothing", "{}").problem()).isEqualTo("job-not-found");
        assertThat(start("rebuild", "{}").problem()).isEqualTo("bad-job-parameter");
        assertThat(start("rebuild", "{\"projection\":\"none\"}").problem()).isEqualTo("bad-job-parameter");
        assertThat(start("rebuild", "{\"projection\":[]}").problem()).isEqualTo("malformed-body");
        assertThat(start("rebuild", "{\"projection\":\"running\",\"request_key\":\"a\\u0000\"}")
                        .problem())
                .isEqualTo("malformed-body");
        assertThat(start("rebuild", "{\"projection\":\"\\ud800\"}")
                        .json()
                        .path("detail")
                        .asText())
                .contains("\"projection\"");
        assertThat(start("rebuild", "{\"\\u0000\":1}").problem()).isEqualTo("malformed-body");
        assertThat(start("rebuild", "[1]").problem()).isEqualTo("malformed-body");
        assertThat(start("rebuild", "{\"a\":1,\"a\":1}").problem()).isEqualTo("malformed-body");
        assertThat(ledger.get("/v1/executions/4711").problem()).isEqualTo("execution-not-found");
        assertThat(ledger.get("/v1/executions?job=none").problem()).isEqualTo("bad-parameter");
    }
}
