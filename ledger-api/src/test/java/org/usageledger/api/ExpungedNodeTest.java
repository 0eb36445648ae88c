package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;

/** A service under the name of a node that was expunged. */
class ExpungedNodeTest {
    private static final String EXPUNGE = """
            insert into ledger_node (node_id, incarnation, code_generation, state, started_at, seen_at, expunged_at, expunged_by, expunge_reason)
            values ('burned', 1, 1, 'expunged', clock_timestamp(), clock_timestamp(), clock_timestamp(), 'test', 'it burned')
            """;

    private static final String EXPUNGE_RUNNING = """
            update ledger_node
            set state = 'expunged',
              expunged_at = clock_timestamp(),
              expunged_by = 'test',
              expunge_reason = 'it burned'
            where node_id = 'burning'
            """;

    /** Mutant: the appender does not know its node. */
    @Test
    void that_runs_records_nothing_any_more_and_sends_senders_elsewhere() throws SQLException {
        try (LiveService burning = LiveService.start(settings -> settings.named("burning"));
                LiveService other = burning.another(settings -> settings.named("other"))) {
            assertThat(burning.append(Events.started("e-1", "p-1")).status()).isEqualTo(200);
            try (Connection connection = burning.database().open();
                    Statement statement = connection.createStatement()) {
                statement.execute(EXPUNGE_RUNNING);
            }

            LiveService.Answer refused = burning.append(Events.started("e-2", "p-2"));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.json().path("type").asText()).isEqualTo("urn:usage-ledger:problem:service-expunged");
            assertThat(refused.json().path("detail").asText()).contains("node burning was expunged", "LEDGER_NODE");
            assertThat(refused.response().headers().firstValue("Retry-After")).isEmpty();
            // By its next heartbeat, and the look that health takes once a second.
            Await.untilTrue(
                    Duration.ofMinutes(1),
                    () -> burning.get("/health").text(),
                    () -> burning.get("/health").text().contains("node burning was expunged"));

            String head = other.append(Events.started("e-2", "p-2"))
                    .json()
                    .path("head")
                    .asText();
            assertThat(other.get("/v1/running?not_before=" + head).json().path("running"))
                    .hasSize(2);
        }
    }

    /** Mutant: no look at the name before the service is put together. */
    @Test
    void is_refused_in_one_sentence_and_served_under_another() throws SQLException {
        try (LiveService ledger = LiveService.start()) {
            try (Connection connection = ledger.database().open();
                    Statement statement = connection.createStatement()) {
                statement.execute(EXPUNGE);
            }

            assertThatThrownBy(() -> ledger.another(settings -> settings.named("burned")))
                    .isInstanceOf(StartRefused.class)
                    .hasMessage(
                            "The node burned was expunged, and its name never comes back: set LEDGER_NODE to another.");
            try (LiveService other = ledger.another(settings -> settings.named("new"))) {
                assertThat(other.get("/health/readiness").status()).isEqualTo(200);
            }
        }
    }
}
