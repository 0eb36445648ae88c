package org.usageledger.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.running.RandomHistory;
import org.usageledger.running.RunningFold;
import org.usageledger.running.TestLedger;
import org.usageledger.testing.Seed;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class ProjectionTableTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final int HEAD = 20;

    private final ReadModel model = new RunningFold();

    @BeforeEach
    void append(TestDatabase database) {
        new TestLedger(database.dataSource())
                .append(new RandomHistory(Seed.forRun().generator(), 5).events(HEAD));
    }

    private Claim claim(Connection connection, String owner, Duration timeout) throws SQLException {
        return ProjectionTable.claim(connection, model, owner, timeout)
                .orElseThrow()
                .claim();
    }

    @Test
    void a_position_moves_from_where_it_stands_and_from_nowhere_else(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            Claim claim = claim(connection, "n1", LONG);
            assertThat(ProjectionTable.move(connection, claim, new Window(0, 10)))
                    .hasValue(0);

            assertThat(ProjectionTable.move(connection, claim, new Window(0, 10)))
                    .isEmpty();
            assertThat(ProjectionTable.move(connection, claim, new Window(11, 20)))
                    .isEmpty();
            assertThat(ProjectionTable.standings(connection).getFirst().position())
                    .isEqualTo(10);
        }
    }

    @Test
    void a_position_is_never_moved_beyond_the_head(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            Claim claim = claim(connection, "n1", LONG);
            assertThat(ProjectionTable.move(connection, claim, new Window(0, HEAD + 1)))
                    .isEmpty();
            assertThat(ProjectionTable.move(connection, claim, new Window(0, HEAD)))
                    .hasValue(0);
        }
    }

    @Test
    void a_node_under_the_same_name_fences_what_it_was_before(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            Claim before = claim(connection, "n1", LONG);
            Claim now = claim(connection, "n1", LONG);

            assertThat(ProjectionTable.move(connection, before, new Window(0, 10)))
                    .isEmpty();
            assertThat(ProjectionTable.extend(connection, before)).isEmpty();
            ProjectionTable.release(connection, before);
            assertThat(ProjectionTable.extend(connection, now)).hasValue(0);
        }
    }

    /** Mutants: no look at the node on claiming; on moving; on extending. */
    @Test
    void an_expunged_node_moves_nothing_and_neither_keeps_nor_gets_a_claim(TestDatabase database) throws SQLException {
        try (Connection connection = database.open();
                var expunge = connection.prepareStatement("""
                        insert into ledger_node (node_id, incarnation, code_generation, state, started_at, seen_at, expunged_at, expunged_by,
                          expunge_reason)
                        values ('burned', 1, 1, 'expunged', clock_timestamp(), clock_timestamp(), clock_timestamp(), 'test', 'it burned')
                        """)) {
            Claim claim = claim(connection, "burned", LONG);
            expunge.executeUpdate();

            assertThat(ProjectionTable.move(connection, claim, new Window(0, 10)))
                    .isEmpty();
            assertThat(ProjectionTable.extend(connection, claim)).isEmpty();
            assertThat(ProjectionTable.claim(connection, model, "burned", LONG)).isEmpty();
            assertThat(ProjectionTable.claimable(connection, model, "burned", LONG))
                    .isFalse();
            assertThat(ProjectionTable.move(connection, claim(connection, "n2", Duration.ZERO), new Window(0, 10)))
                    .hasValue(0);
        }
    }

    @Test
    void a_claim_is_taken_from_a_node_that_is_not_heard_of_and_from_no_other(TestDatabase database)
            throws SQLException {
        try (Connection connection = database.open()) {
            Claim first = claim(connection, "n1", LONG);
            assertThat(ProjectionTable.claim(connection, model, "n2", LONG)).isEmpty();
            assertThat(ProjectionTable.claimable(connection, model, "n2", LONG)).isFalse();

            assertThat(ProjectionTable.claimable(connection, model, "n2", Duration.ZERO))
                    .isTrue();
            Claim second = claim(connection, "n2", Duration.ZERO);
            assertThat(second.epoch()).isGreaterThan(first.epoch());
            assertThat(ProjectionTable.move(connection, first, new Window(0, 10)))
                    .isEmpty();
            assertThat(ProjectionTable.move(connection, second, new Window(0, 10)))
                    .hasValue(0);
        }
    }
}
