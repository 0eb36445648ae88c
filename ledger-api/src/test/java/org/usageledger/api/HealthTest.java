package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;

class HealthTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String AWAY = "alter table ledger_head rename to ledger_head_away";
    private static final String BACK = "alter table ledger_head_away rename to ledger_head";

    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    /** The parts that do not work and since when. */
    private static Map<String, Instant> degraded() {
        Map<String, Instant> parts = new TreeMap<>();
        for (JsonNode part : ledger.get("/health").json().path("degraded").path("parts")) {
            assertThat(part.path("problem").asText()).isNotEmpty();
            assertThat(part.path("action").asText()).isNotEmpty();
            parts.put(
                    part.path("part").asText(), Instant.parse(part.path("since").asText()));
        }
        return parts;
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = ledger.database().open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void however_many_ask_the_database_is_looked_at_once_a_second() {
        SortedSet<Instant> looks = new TreeSet<>();
        for (int i = 0; i < 300; i++) {
            looks.add(Instant.parse(
                    ledger.get("/health").json().path("checked_at").asText()));
        }

        Iterator<Instant> later = looks.iterator();
        later.next();
        for (Instant look : looks) {
            if (later.hasNext()) {
                assertThat(Duration.between(look, later.next())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            }
        }
    }

    /** Mutant: an execution that failed makes the service not ready. */
    @Test
    void an_execution_that_failed_is_named_since_when_and_the_service_is_ready_all_the_same() throws SQLException {
        String failed = "f0000000-0000-0000-0000-000000000001";
        execute("""
                insert into job_execution (execution_id, kind, code_generation, request_key, scope_key, params, params_sha256, created_by,
                  state, finished_at)
                values ('f0000000-0000-0000-0000-000000000001', 'rebuild', 1, 'h-failed', 'projection:running', '{}', sha256(''), 'test', 'failed', '2026-01-02T03:04:05Z')
                """);
        Await.untilTrue(PATIENCE, () -> degraded().toString(), () -> degraded().containsKey("execution"));
        assertThat(degraded()).containsEntry("execution", Instant.parse("2026-01-02T03:04:05Z"));
        Answer answer = ledger.get("/health");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("execution " + failed + " of rebuild failed (since 2026-01-02T03:04:05Z)");
        Contract contract = Contract.read().closed();
        var schema = contract.answerSchema(contract.operation("GET /health"), 200, "application/json");
        assertThat(contract.violations(schema, answer.json())).isEmpty();
        assertThat(ledger.get("/health/readiness").status()).isEqualTo(200);
        assertThat(ledger.get("/prometheus").text())
                .contains("ledger_executions_unwell{job=\"rebuild\",reason=\"failed\"} 1.0");

        ledger.post("/v1/jobs/rebuild/executions", "application/json", LiveService.bytes("""
                {"projection":"running","request_key":"h-again"}
                """));
        Await.untilTrue(PATIENCE, () -> degraded().toString(), () -> degraded().isEmpty());
        assertThat(ledger.get("/prometheus").text())
                .contains("ledger_executions_unwell{job=\"rebuild\",reason=\"failed\"} 0.0");
    }

    /** Sockets wait a minute for a database that hangs; who decides where requests go does not. */
    @Test
    void while_the_database_is_silent_whoever_asks_is_told_so() throws SQLException {
        Duration patience = Duration.ofSeconds(25);
        try (Connection silencing = ledger.database().open();
                Statement statement = silencing.createStatement()) {
            silencing.setAutoCommit(false);
            statement.execute("lock table ledger_head in access exclusive mode");
            Await.untilTrue(
                    PATIENCE,
                    () -> "readiness is 200",
                    () -> ledger.send(ledger.request("/health/readiness")
                                            .timeout(patience)
                                            .GET())
                                    .status()
                            == 503);
            Answer health =
                    ledger.send(ledger.request("/health").timeout(patience).GET());
            assertThat(health.text()).contains("\"part\":\"database\"");
            Answer metrics =
                    ledger.send(ledger.request("/prometheus").timeout(patience).GET());
            assertThat(metrics.text()).contains("ledger_append_queue_events").doesNotContain("ledger_epoch ");
            silencing.rollback();
        }
        Await.untilTrue(PATIENCE, () -> degraded().toString(), () -> degraded().isEmpty());
    }

    @Test
    void what_does_not_work_is_listed_with_its_beginning_and_what_to_do_until_it_works_again() throws SQLException {
        Instant before = Instant.now();
        execute(AWAY);
        try {
            assertThat(ledger.append(Events.started("h-1", "h-p1")).status()).isGreaterThanOrEqualTo(500);
            Await.untilTrue(
                    PATIENCE,
                    () -> degraded().toString(),
                    () -> degraded().keySet().containsAll(Set.of("database", "head", "appender")));
            Map<String, Instant> first = degraded();
            assertThat(first.values()).allSatisfy(since -> assertThat(since).isAfterOrEqualTo(before));
            Answer answer = ledger.get("/health");
            assertThat(answer.status()).isEqualTo(503);
            Contract contract = Contract.read().closed();
            var schema = contract.answerSchema(contract.operation("GET /health"), 503, "application/json");
            assertThat(contract.violations(schema, answer.json())).isEmpty();

            Instant looked = Instant.parse(answer.json().path("checked_at").asText());
            Await.untilTrue(
                    PATIENCE,
                    () -> ledger.get("/health").text(),
                    () -> Instant.parse(ledger.get("/health")
                                    .json()
                                    .path("checked_at")
                                    .asText())
                            .isAfter(looked));
            assertThat(degraded()).as("the beginning does not move").containsAllEntriesOf(first);
        } finally {
            execute(BACK);
        }
        assertThat(ledger.append(Events.started("h-2", "h-p2")).status()).isEqualTo(200);
        Await.untilTrue(PATIENCE, () -> degraded().toString(), () -> degraded().isEmpty());
        assertThat(ledger.get("/health/readiness").status()).isEqualTo(200);
    }
}
