package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;

/** Whatever an operator does, or is refused, is on record; what cannot be written is not done. */
class AuditTest {
    private static final String START = "/v1/jobs/rebuild/executions";

    private TestIssuer issuer;
    private LiveService ledger;
    private String admin;

    @BeforeEach
    void start() {
        issuer = new TestIssuer();
        ledger = LiveService.start(settings -> settings.with(new AccessSettings(issuer.settings(), Optional.empty())));
        admin = "Bearer " + issuer.token("usage_ledger.admin");
    }

    @AfterEach
    void stop() {
        ledger.close();
        issuer.close();
    }

    private Answer rebuild(String... headers) {
        return ledger.send(ledger.request(START, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"projection\":\"running\"}")));
    }

    /** One that fails: no job goes by this name. */
    private Answer act() {
        return ledger.send(ledger.request("/v1/jobs/nothing/executions", "Authorization", admin)
                .POST(BodyPublishers.noBody()));
    }

    private JsonNode entries() {
        Answer answer = ledger.get("/v1/audit", "Authorization", admin);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("entries");
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = ledger.database().open();
                Statement change = connection.createStatement()) {
            change.execute(statement);
        }
    }

    @Test
    void an_act_stands_there_with_who_what_and_how_it_ended() {
        Answer started = rebuild(
                "Authorization", admin, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assertThat(started.status()).as(started.toString()).isEqualTo(202);

        JsonNode entry = entries().path(0);
        assertThat(entry.path("number").asLong()).isEqualTo(1);
        assertThat(entry.path("subject").asText()).isEqualTo("clerk");
        assertThat(entry.path("client").asText()).isEqualTo("cf");
        assertThat(entry.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(entry.path("route").asText()).isEqualTo("POST /v1/jobs/{name}/executions");
        assertThat(entry.path("target").asText()).isEqualTo(START);
        assertThat(entry.path("request_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(entry.path("outcome").path("status").asInt()).isEqualTo(202);
        assertThat(entry.path("outcome").path("location").asText()).isEqualTo(started.header("Location"));
        assertThat(ledger.get(started.header("Location"), "Authorization", admin)
                        .json()
                        .path("requested_by")
                        .asText())
                .isEqualTo("clerk by cf");
    }

    @Test
    void an_act_that_fails_stands_there_as_failed() {
        assertThat(act().status()).isEqualTo(404);

        assertThat(entries().path(0).path("outcome").path("status").asInt()).isEqualTo(404);
    }

    @Test
    void whoever_is_turned_away_stands_there_too() {
        assertThat(rebuild().status()).isEqualTo(401);
        assertThat(rebuild("Authorization", "Bearer " + issuer.token("usage_ledger.read"))
                        .status())
                .isEqualTo(403);
        assertThat(ledger.get("/v1/events").status()).isEqualTo(401);

        Await.untilTrue(
                Duration.ofSeconds(30),
                () -> entries().toString(),
                () -> entries().size() == 2);
        List<String> seen = new ArrayList<>();
        entries()
                .forEach(entry -> seen.add(entry.path("route").asText() + " "
                        + entry.path("subject").asText() + " "
                        + entry.path("outcome").path("status").asInt()));
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "POST /v1/jobs/{name}/executions null 401", "POST /v1/jobs/{name}/executions clerk 403");
    }

    @Test
    void reading_is_no_act() {
        assertThat(ledger.get("/v1/executions", "Authorization", admin).status())
                .isEqualTo(200);

        assertThat(entries()).isEmpty();
    }

    @Test
    void pages_lead_over_every_entry_once() {
        for (int i = 0; i < 5; i++) {
            assertThat(act().status()).isEqualTo(404);
        }
        List<Long> numbers = new ArrayList<>();
        long after = 0;
        for (int page = 0; page < 3; page++) {
            JsonNode answer = ledger.get("/v1/audit?limit=2&after=" + after, "Authorization", admin)
                    .json();
            answer.path("entries")
                    .forEach(entry -> numbers.add(entry.path("number").asLong()));
            after = answer.path("next").asLong();
        }
        assertThat(numbers).containsExactly(1L, 2L, 3L, 4L, 5L);
        JsonNode newest = ledger.get("/v1/audit?limit=2&newest=true", "Authorization", admin)
                .json();
        assertThat(newest.at("/entries/0/number").asLong()).isEqualTo(4);
        assertThat(newest.at("/entries/1/number").asLong()).isEqualTo(5);
        assertThat(newest.path("next").asLong()).isEqualTo(5);
    }

    @Test
    void what_cannot_be_written_is_not_done() throws SQLException {
        sql("alter table audit_entry add constraint nothing_more check (false) not valid");

        Answer answer = rebuild("Authorization", admin);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("unavailable");
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(ledger.get("/v1/executions", "Authorization", admin).json().path("executions"))
                .isEmpty();
        assertThat(rebuild().status()).as("refused all the same").isEqualTo(401);
    }

    @Test
    void an_act_whose_end_cannot_be_written_stands_there_without_one() throws SQLException {
        sql("alter table audit_outcome add constraint nothing_more check (false) not valid");

        assertThat(rebuild("Authorization", admin).status()).isEqualTo(202);

        assertThat(entries().path(0).path("outcome").isNull()).isTrue();
    }

    @Test
    void a_flood_of_refusals_does_not_fill_the_database_and_is_counted() {
        try (LiveService flooded =
                ledger.another(settings -> settings.with(new AccessSettings(issuer.settings(), Optional.empty())))) {
            for (int i = 0; i < 150; i++) {
                assertThat(flooded.get("/v1/audit").status()).isEqualTo(401);
            }
        }
        long attempts = 0;
        for (JsonNode entry : entries()) {
            attempts += entry.path("attempts").asLong();
        }
        assertThat(attempts).isEqualTo(150);
        assertThat(entries().size()).isLessThan(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_entry set subject = 'nobody'",
                "delete from audit_entry",
                "truncate audit_entry cascade",
                "update audit_outcome set status = 200",
                "delete from audit_outcome",
                "truncate audit_outcome"
            })
    void nothing_is_changed_or_taken_away(String change) {
        assertThat(act().status()).isEqualTo(404);

        assertThatThrownBy(() -> sql(change)).hasMessageContaining("only ever added to");
        assertThat(entries()).hasSize(1);
    }
}
