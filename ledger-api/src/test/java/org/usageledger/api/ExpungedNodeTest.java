package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A service under the name of a node that was expunged. */
class ExpungedNodeTest {
    private static final String EXPUNGE = """
            insert into ledger_node (node_id, incarnation, code_generation, state, started_at, seen_at, expunged_at, expunged_by, expunge_reason)
            values ('burned', 1, 1, 'expunged', clock_timestamp(), clock_timestamp(), clock_timestamp(), 'test', 'it burned')
            """;

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
