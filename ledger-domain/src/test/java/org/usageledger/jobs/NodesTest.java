package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** Who a node is to the database, over restarts and beside others. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class NodesTest extends JobsSituation {

    @Nested
    class Started_again_under_its_name {

        @Test
        void takes_up_at_once_what_it_held_when_it_was_ended_by_force() throws SQLException {
            UUID id = start("k1");
            try (Connection connection = database.open()) {
                NodeIdentity ended = NodeTable.register(connection, "n1");
                assertThat(claimed(connection, ended, Duration.ofDays(1))).hasSize(1);
            }
            try (JobNode node = node("n1", new CountingJob())) {
                node.wake();
                await(id, ExecutionState.DONE);
                assertThat(node.stopped()).isEmpty();
            }
        }
    }

    @Nested
    class Two_of_one_name {

        /** Mutant: a heartbeat that found nothing is passed over. */
        @Test
        void are_told_apart_and_the_older_stops() {
            AtomicInteger told = new AtomicInteger();
            CountingJob older = new CountingJob(4);
            try (JobNode first =
                    new JobNode(database.dataSource(), "n1", List.of(older), QUICK, told::incrementAndGet).start()) {
                try (JobNode second = node("n1", new CountingJob())) {
                    Await.untilTrue(
                            CountingJob.PATIENCE,
                            () -> "not told",
                            () -> first.stopped().isPresent());
                    assertThat(first.stopped().orElseThrow().reason())
                            .contains("another service was started under the node name n1");
                    Await.untilTrue(CountingJob.PATIENCE, () -> "not run", () -> told.get() == 1);
                    UUID id = start("k1");
                    first.wake();
                    second.wake();
                    await(id, ExecutionState.DONE);
                    assertThat(second.stopped()).isEmpty();
                }
            }
            assertThat(told).hasValue(1);
        }

        @Test
        void and_an_expunged_one_stops_as_well() throws SQLException {
            try (JobNode node = node("n1", new CountingJob())) {
                execute("""
                        update ledger_node
                        set state = 'expunged',
                          expunged_at = clock_timestamp(),
                          expunged_by = 'test',
                          expunge_reason = 'it burned'
                        """);
                Await.untilTrue(
                        CountingJob.PATIENCE,
                        () -> "not told",
                        () -> node.stopped().isPresent());
            }
        }
    }

    @Test
    void a_node_that_a_database_set_back_does_not_know_is_registered_anew() throws SQLException {
        try (JobNode node = node("n1", new CountingJob())) {
            execute("""
                    begin;
                    lock table job_status in exclusive mode;
                    delete from job_status;
                    delete from ledger_node;
                    commit
                    """);
            Await.untilTrue(CountingJob.PATIENCE, () -> "not registered", () -> names().contains("n1"));
            UUID id = start("k1");
            node.wake();
            await(id, ExecutionState.DONE);
            assertThat(node.stopped()).isEmpty();
        }
    }

    @Test
    void nodes_not_heard_of_for_a_month_are_forgotten_with_what_they_reported_unless_they_hold_something()
            throws SQLException {
        start("k1");
        try (Connection connection = database.open()) {
            NodeTable.register(connection, "gone");
            NodeIdentity holder = NodeTable.register(connection, "holder");
            assertThat(claimed(connection, holder, Duration.ofDays(1))).hasSize(1);
            NodeTable.register(connection, "expunged");
            NodeTable.register(connection, "reporting");
            execute("""
                    insert into job_status (node_id, task, incarnation, period)
                    select 'reporting', 'look', 1, '1 s'
                    from ledger_head
                    """);
            execute("""
                    update ledger_node
                    set state = 'expunged',
                      expunged_at = clock_timestamp(),
                      expunged_by = 'test',
                      expunge_reason = 'it burned'
                    where node_id = 'expunged'
                    """);
            execute("""
                    update ledger_node
                    set seen_at = clock_timestamp() - interval '31 days'
                    """);
            NodeTable.register(connection, "young");
            NodeTable.forget(connection);
        }
        assertThat(names()).containsExactly("expunged", "holder", "young");
    }

    /** Mutant: only age counts. */
    @Test
    void of_nodes_that_are_gone_not_more_than_some_hundreds_are_kept() throws SQLException {
        try (Connection connection = database.open()) {
            execute("""
                    insert into ledger_node (node_id, incarnation, code_generation, state, started_at, seen_at)
                    select
                      'gone-' || n,
                      1,
                      1,
                      'active',
                      clock_timestamp() - interval '2 days',
                      clock_timestamp() - interval '1 day' - n * interval '1 minute'
                    from generate_series(1, 700) as n
                    """);
            NodeTable.register(connection, "young");
            NodeTable.forget(connection);
            assertThat(names()).as("some at a time").hasSize(601);
            for (int i = 0; i < 3; i++) {
                NodeTable.forget(connection);
            }
            assertThat(names())
                    .hasSize(500)
                    .contains("young", "gone-1", "gone-499")
                    .doesNotContain("gone-500");
        }
    }

    /** Mutant: whoever has the name is expunged. */
    @Test
    void one_that_was_started_again_since_it_was_looked_at_is_not_expunged() throws SQLException {
        try (Connection connection = database.open()) {
            NodeTable.register(connection, "n1");
            NodeView before = new Nodes(database.dataSource(), QUICK).node("n1").orElseThrow();
            NodeTable.register(connection, "n1");
            connection.setAutoCommit(false);
            assertThat(NodeControlTable.expunge(connection, before, new Word("test", "dead")))
                    .isFalse();
        }
    }

    private List<String> names() {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select node_id
                        from ledger_node
                        order by node_id
                        """)) {
            List<String> names = new ArrayList<>();
            while (row.next()) {
                names.add(row.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException("reading the nodes", e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
