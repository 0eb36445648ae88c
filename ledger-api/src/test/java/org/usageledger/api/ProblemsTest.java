package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.LiveService.Answer;

class ProblemsTest {
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing, 404, not-found",
        "/v1/events/1/2, 404, not-found",
        "/v1/events?after=oldest&aftre=1, 400, bad-parameter",
        "/v1/events?limit=0, 400, bad-parameter",
        "/v1/events?limit=5001, 400, bad-parameter",
        "/v1/events?limit=ten, 400, bad-parameter",
        "/v1/events?limit=1&limit=2, 400, bad-parameter",
        "/v1/events?kind=task, 400, bad-parameter",
        "/v1/events?wait=61s, 400, bad-parameter",
        "/v1/events?wait=-1s, 400, bad-parameter",
        "/v1/events?wait=soon, 400, bad-parameter",
        "/v1/events?baselines=maybe, 400, bad-parameter",
        "/v1/events?guid=a&after=oldest, 400, bad-parameter",
        "/v1/events?guid=a&wait=1s, 400, bad-parameter",
        "/v1/events?guid=a&baselines=true, 400, bad-parameter",
        "/health?verbose=1, 400, bad-parameter",
        "/v1/events?guid=a%00b, 400, bad-parameter",
        "/v1/running?organization=%00, 400, bad-parameter",
        "/v1/running?not_before=%00, 400, bad-parameter",
        "/v1/running/summary?not_before=1-0-0&not_before=1-0-0, 400, bad-parameter",
        "/v1/executions?job=%00, 400, bad-parameter",
        "/v1/suppressed?after=-1, 400, bad-parameter",
        "/v1/suppressed?after=9223372036854775808, 400, bad-parameter",
        "/v1/events/7, 404, position-not-given",
    })
    void whatever_is_refused_is_a_problem_of_its_own_type(String path, int status, String type) {
        Answer answer = ledger.get(path);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.problem()).isEqualTo(type);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("title").asText()).isNotEmpty();
        assertThat(answer.json().path("detail").asText()).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"after=oldest", "wait=0s", "baselines=false"})
    void a_parameter_that_means_nothing_to_the_events_of_a_guid_is_refused_by_its_name(String parameter) {
        Answer answer = ledger.get("/v1/events?guid=a&" + parameter, "Accept", "application/x-ndjson");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.json().path("parameter").asText()).isEqualTo(parameter.replaceAll("=.*", ""));
    }

    @Test
    void a_number_beyond_32_bits_is_a_place_among_the_suppressed() {
        assertThat(ledger.get("/v1/suppressed?after=4294967296").status()).isEqualTo(200);
    }

    @Test
    void a_text_that_the_database_cannot_hold_is_refused_by_its_name() {
        assertThat(ledger.get("/v1/running?app=a%00").json().path("parameter").asText())
                .isEqualTo("app");
        String forged = Base64.getUrlEncoder()
                .encodeToString("1-0-0 2026-01-01T00:00:00Z 1 a\0b".getBytes(StandardCharsets.UTF_8));
        Answer answer = ledger.get("/v1/running?after=" + forged);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.json().path("parameter").asText()).isEqualTo("after");
    }

    @Test
    void an_unknown_parameter_is_answered_with_those_that_are_known() {
        assertThat(ledger.get("/v1/events?cursor=1-0-0").json().path("detail").asText())
                .contains("\"cursor\"")
                .contains("after, baselines, guid, kind, limit, wait");
    }

    @Test
    void another_method_is_answered_with_those_that_are_allowed() {
        Answer answer = ledger.send(ledger.request("/v1/events").DELETE());

        assertThat(answer.status()).as(answer.toString()).isEqualTo(405);
        assertThat(answer.problem()).isEqualTo("method-not-allowed");
        assertThat(answer.header("Allow")).contains("GET").contains("POST");
    }

    @Test
    void a_media_type_that_is_not_served_is_refused() {
        assertThat(ledger.get("/v1/events", "Accept", "text/csv").problem()).isEqualTo("not-acceptable");
        assertThat(ledger.get("/health", "Accept", "image/png").problem()).isEqualTo("not-acceptable");
    }

    @Test
    void a_path_that_is_none_is_refused() {
        assertThat(ledger.send(HttpRequest.newBuilder(ledger.uri("/v1/events/%00"))
                                .GET())
                        .status())
                .isBetween(400, 499);
    }

    @Test
    void head_answers_like_get_without_a_body_and_options_says_what_is_allowed() {
        Answer head = ledger.send(ledger.request("/v1/events").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();

        Answer stream = ledger.send(ledger.request("/v1/events", "Accept", "application/x-ndjson")
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(stream.header("Ledger-Next")).isEqualTo("1-0-0");

        Answer options =
                ledger.send(ledger.request("/v1/events").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(options.header("Allow"))
                .as(options.toString())
                .contains("GET")
                .contains("POST");
    }

    @Test
    void health_tells_how_the_service_does() {
        assertThat(ledger.get("/health/liveness").json().path("status").asText())
                .isEqualTo("UP");
        assertThat(ledger.get("/health/readiness").json().path("status").asText())
                .isEqualTo("UP");
        Answer health = ledger.get("/health");
        assertThat(health.json().path("database").path("reachable").asBoolean()).isTrue();
        assertThat(health.json().path("log").path("head").asText()).isEqualTo("1-0-0");
    }
}
