package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** When the database takes a node for drained, and what a node may take from then on. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class DrainedByTheDatabaseTest extends HandoverSituation {
    private static final Duration LONG = Duration.ofDays(1);

    @FunctionalInterface
    private interface Taking {
        boolean on(Connection connection) throws SQLException;
    }

    @Test
    void is_not_drained_while_it_holds_a_claim() throws SQLException {
        UUID id = start("k1");
        try (Connection connection = database.open()) {
            NodeIdentity node = NodeTable.register(connection, "n1");
            List<ClaimTable.Claimed> claimed = claimed(connection, node, LONG);
            assertThat(NodeTable.drained(connection, node)).isFalse();
            assertThat(view("n1").state()).isEqualTo(NodeState.ACTIVE);

            OutcomeTable.release(connection, claimed.getFirst().claim());
            assertThat(NodeTable.drained(connection, node)).isTrue();
            assertThat(view("n1").state()).isEqualTo(NodeState.DRAINED);
            assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
        }
    }

    @Test
    void is_not_drained_by_a_claim_of_its_life_before_nor_by_one_that_is_anybodys() throws SQLException {
        start("k1");
        try (Connection connection = database.open()) {
            NodeIdentity before = NodeTable.register(connection, "n1");
            assertThat(claimed(connection, before, LONG)).hasSize(1);
            NodeIdentity node = NodeTable.register(connection, "n1");
            assertThat(NodeTable.drained(connection, node)).isTrue();

            NodeIdentity other = NodeTable.register(connection, "n2");
            jobs.start("count", Map.of("to", "3"), Optional.of("k2"), "test");
            assertThat(claimed(connection, other, Duration.ofMillis(-1))).hasSize(1);
            assertThat(NodeTable.drained(connection, other)).isTrue();
        }
    }

    @Test
    void is_not_drained_while_somebody_takes_an_execution_in_its_name() throws SQLException {
        UUID id = start("k1");
        try (Connection taking = database.open();
                Connection connection = database.open()) {
            NodeIdentity node = NodeTable.register(connection, "n1");
            taking.setAutoCommit(false);
            assertThat(claimed(taking, node, LONG)).hasSize(1);
            assertThat(NodeTable.drained(connection, node)).isFalse();
            taking.commit();
            assertThat(NodeTable.drained(connection, node)).isFalse();
            assertThat(view(id).owner()).isPresent();
        }
    }

    @Test
    void is_not_drained_while_somebody_starts_an_execution_in_its_name() throws SQLException {
        try (Connection starting = database.open();
                Connection connection = database.open()) {
            NodeIdentity node = NodeTable.register(connection, "n1");
            starting.setAutoCommit(false);
            assertThat(ExecutionTable.insertClaimed(starting, UUID.randomUUID(), wish(), node, LONG))
                    .isTrue();
            assertThat(NodeTable.drained(connection, node)).isFalse();
            starting.commit();
            assertThat(NodeTable.drained(connection, node)).isFalse();
        }
    }

    /** Its statement began before, and looks at the node after. */
    @Test
    void takes_nothing_if_it_is_drained_while_a_claim_waits() throws Exception {
        start("k1");
        try (Connection connection = database.open()) {
            NodeIdentity node = NodeTable.register(connection, "n1");
            assertThat(overtaken(taking -> claimed(taking, node, LONG).isEmpty()))
                    .isTrue();
        }
    }

    @Test
    void takes_nothing_if_it_is_drained_while_a_start_waits() throws Exception {
        try (Connection connection = database.open()) {
            NodeIdentity node = NodeTable.register(connection, "n1");
            assertThat(overtaken(taking -> ExecutionTable.insertClaimed(taking, UUID.randomUUID(), wish(), node, LONG)))
                    .isFalse();
        }
    }

    /** What is done while the node is being drained, and has to wait for that. */
    private boolean overtaken(Taking taking) throws Exception {
        try (Connection draining = database.open();
                Connection other = database.open();
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            draining.setAutoCommit(false);
            try (Statement statement = draining.createStatement()) {
                statement.execute("select pg_advisory_xact_lock(hashtextextended('usage-ledger/claims/n1', 0))");
                statement.execute("update ledger_node set state = 'drained'");
            }
            Future<Boolean> taken = thread.submit(() -> taking.on(other));
            try (Connection connection = database.open()) {
                Await.untilTrue(CountingJob.PATIENCE, () -> "nobody waits", () -> waits(connection));
            }
            draining.commit();
            return taken.get(CountingJob.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private boolean waits(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select exists (select 1 from pg_locks where locktype = 'advisory' and not granted)")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** A heartbeat does not wait for claims, of which there may always be one under way. */
    @Test
    void is_heard_of_while_somebody_takes_an_execution_in_its_name() throws SQLException {
        start("k1");
        try (Connection taking = database.open();
                Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            NodeIdentity node = NodeTable.register(connection, "n1");
            taking.setAutoCommit(false);
            assertThat(claimed(taking, node, LONG)).hasSize(1);
            statement.execute("set lock_timeout = '5s'");
            assertThat(NodeTable.seen(connection, node)).contains(NodeState.ACTIVE);
            taking.rollback();
        }
    }

    @Test
    void takes_nothing_from_the_moment_it_is_asked() throws SQLException {
        UUID id = start("k1");
        try (Connection connection = database.open()) {
            NodeIdentity node = NodeTable.register(connection, "n1");
            quiesce("n1");
            assertThat(claimed(connection, node, LONG)).isEmpty();
            assertThat(ExecutionTable.insertClaimed(connection, UUID.randomUUID(), wish(), node, LONG))
                    .isFalse();
        }
        assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
    }

    private ExecutionTable.Wish wish() {
        return new ExecutionTable.Wish("count", "elsewhere", Parameters.of(TO_TEN), "wished", "test");
    }
}
