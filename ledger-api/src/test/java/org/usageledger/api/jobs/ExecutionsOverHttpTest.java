package org.usageledger.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;

class ExecutionsOverHttpTest {
    private static final String REASON = "{\"reason\":\"it was a try\"}";
    private static final String NOBODY = "/v1/executions/018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10";
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static Answer post(String path, String body) {
        return ledger.post(path, "application/json", bytes(body));
    }

    /** Where an execution is that goes on until it is stopped. */
    private static String begun() {
        return post("/v1/jobs/demo/executions", "{\"steps\":100000,\"pause_ms\":50}")
                .header("Location");
    }

    /** One that ends by itself. */
    private static String ended() {
        String location =
                post("/v1/jobs/demo/executions", "{\"steps\":3,\"pause_ms\":0}").header("Location");
        awaitState(location, "done");
        return location;
    }

    private static JsonNode awaitState(String location, String state) {
        Await.untilTrue(
                Duration.ofMinutes(2),
                () -> ledger.get(location).text(),
                () -> ledger.get(location).json().path("state").asText().equals(state));
        return ledger.get(location).json();
    }

    @Test
    void one_tells_who_has_it_and_who_had_it() {
        String location = begun();
        JsonNode running = awaitState(location, "running");

        JsonNode owner = running.path("owner");
        assertThat(owner.path("node").asText())
                .isNotEmpty()
                .isEqualTo(running.path("node").asText());
        assertThat(owner.path("incarnation").asLong()).isPositive();
        assertThat(owner.path("lease_until").asText())
                .isGreaterThan(running.path("requested_at").asText());
        assertThat(running.at("/claim_history/0/reason").asText()).isEqualTo("start");
        assertThat(running.at("/claim_history/0/node").asText())
                .isEqualTo(owner.path("node").asText());
        assertThat(running.path("cancel").isNull()).isTrue();
        assertThat(running.path("abandoned").isNull()).isTrue();
        assertThat(post(location + "/cancel", REASON).status()).isEqualTo(202);
    }

    @Nested
    class cancelling {
        @Test
        void stops_it_and_stays_on_record_with_its_reason() {
            String location = begun();

            Answer answer = post(location + "/cancel", REASON);

            assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
            assertThat(answer.json().at("/cancel/reason").asText()).isEqualTo("it was a try");
            JsonNode cancelled = awaitState(location, "cancelled");
            assertThat(cancelled.at("/cancel/by").asText()).isEqualTo("unauthenticated");
            assertThat(cancelled.at("/cancel/reason").asText()).isEqualTo("it was a try");
            assertThat(cancelled.path("owner").isNull()).isTrue();
        }

        @Test
        void what_has_ended_is_refused_with_how_it_ended() {
            Answer answer = post(ended() + "/cancel", REASON);

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.problem()).isEqualTo("execution-ended");
            assertThat(answer.json().path("state").asText()).isEqualTo("done");
            assertThat(answer.json().path("detail").asText()).contains("nothing left to stop");
        }

        @Test
        void nothing_is_refused() {
            assertThat(post(NOBODY + "/cancel", REASON).problem()).isEqualTo("execution-not-found");
            assertThat(post("/v1/executions/4711/cancel", REASON).problem()).isEqualTo("execution-not-found");
        }

        @Test
        void without_a_reason_is_refused() {
            String location = ended();

            assertThat(post(location + "/cancel", "{}").problem()).isEqualTo("malformed-body");
            assertThat(post(location + "/cancel", "{\"reason\":\"  \"}").problem())
                    .isEqualTo("malformed-body");
            assertThat(post(location + "/cancel", "{\"reason\":\"" + "x".repeat(1001) + "\"}")
                            .problem())
                    .isEqualTo("malformed-body");
            assertThat(post(location + "/cancel", "{\"reason\":\"x\",\"force\":true}")
                            .problem())
                    .isEqualTo("malformed-body");
            assertThat(ledger.post(location + "/cancel", "text/plain", bytes("x"))
                            .problem())
                    .isEqualTo("unsupported-media-type");
        }
    }

    @Nested
    class abandoning {
        @Test
        void what_a_node_has_is_refused_unless_by_force() {
            String location = begun();
            awaitState(location, "running");

            Answer refused = post(location + "/abandon", REASON);

            assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
            assertThat(refused.problem()).isEqualTo("execution-held");
            assertThat(refused.json().path("detail").asText()).contains("cancel it, or abandon it by force");
            assertThat(refused.json().path("node").asText())
                    .isEqualTo(ledger.get(location).json().path("node").asText());
            assertThat(refused.json().path("lease_until").asText()).isNotEmpty();

            Answer forced = post(location + "/abandon", "{\"reason\":\"it hangs\",\"force\":true}");

            assertThat(forced.status()).as(forced.toString()).isEqualTo(200);
            assertThat(forced.json().path("state").asText()).isEqualTo("abandoned");
            assertThat(forced.json().at("/abandoned/cause").asText()).isEqualTo("operator");
            assertThat(forced.json().at("/abandoned/reason").asText()).isEqualTo("it hangs");
            assertThat(forced.json().at("/abandoned/by").asText()).isEqualTo("unauthenticated");
            assertThat(post(location + "/abandon", REASON).status()).as("again").isEqualTo(200);
            assertThat(post(location + "/cancel", REASON).problem()).isEqualTo("execution-ended");
        }

        @Test
        void nothing_is_refused() {
            assertThat(post(NOBODY + "/abandon", REASON).problem()).isEqualTo("execution-not-found");
            assertThat(post(NOBODY + "/abandon", "{\"reason\":\"x\",\"force\":1}")
                            .problem())
                    .isEqualTo("malformed-body");
        }
    }

    @Nested
    class a_list {
        @Test
        void has_what_is_asked_for_only() {
            String done = ended();
            String going = begun();
            awaitState(going, "running");

            assertThat(ids("?state=done")).contains(id(done)).doesNotContain(id(going));
            assertThat(ids("?state=running&job=demo")).contains(id(going)).doesNotContain(id(done));
            assertThat(ids("?job=rebuild")).isEmpty();
            assertThat(ids("?stale=30m")).doesNotContain(id(done), id(going));
            assertThat(ids("?limit=1")).containsOnlyOnce(id(going));
            assertThat(post(going + "/cancel", REASON).status()).isEqualTo(202);
        }

        @Test
        void of_what_is_none_is_refused() {
            assertThat(ledger.get("/v1/executions?state=gone").problem()).isEqualTo("bad-parameter");
            assertThat(ledger.get("/v1/executions?stale=long").problem()).isEqualTo("bad-parameter");
            assertThat(ledger.get("/v1/executions?stale=31d").problem()).isEqualTo("bad-parameter");
        }

        private static String ids(String query) {
            StringBuilder ids = new StringBuilder();
            ledger.get("/v1/executions" + query)
                    .json()
                    .path("executions")
                    .forEach(execution ->
                            ids.append(execution.path("id").asText()).append('\n'));
            return ids.toString();
        }

        private static String id(String location) {
            return location.substring(location.lastIndexOf('/') + 1);
        }
    }
}
