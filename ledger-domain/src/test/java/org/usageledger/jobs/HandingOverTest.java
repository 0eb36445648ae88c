package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.jobs.recovery.Handover;
import org.usageledger.jobs.recovery.Handover.Blocker;
import org.usageledger.jobs.recovery.Key;
import org.usageledger.jobs.recovery.LocalExecutions;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** A node that is asked to hand over what it does. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class HandingOverTest extends JobsSituation {
    private static final Duration LONG = Duration.ofDays(1);
    private static final String REFUSE = """
            create function refuse() returns trigger
            language plpgsql
            as $$
            begin
              raise exception 'not now';
            end
            $$;
            create trigger refuse before update on job_execution for each row when (new.state = 'pending') execute function refuse()
            """;

    private Nodes nodes() {
        return new Nodes(database.dataSource(), QUICK);
    }

    private void quiesce(String node) {
        assertThat(nodes().quiesce(node, new Word("test", "an upgrade"))).isInstanceOf(Nodes.Answer.Accepted.class);
    }

    private NodeView view(String node) {
        return nodes().node(node).orElseThrow();
    }

    private void awaitDrained(String node) {
        Await.untilTrue(
                CountingJob.PATIENCE,
                () -> view(node).toString(),
                () -> view(node).state() == NodeState.DRAINED);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** In a node's name, as after a claim of whose commit it never heard. */
    private void takenUnheard(UUID id, NodeIdentity node) throws SQLException {
        execute("""
                insert into job_claim (execution_id, claim_epoch, node_id, incarnation, reason, backend_pid, backend_start)
                values ('%s', 1, '%s', %d, 'start', 1, clock_timestamp());
                update job_execution
                set state = 'running',
                  owner_node = '%s',
                  owner_incarnation = %d,
                  claim_epoch = 1,
                  lease_until = clock_timestamp() + interval '1 day'
                where execution_id = '%s'
                """.formatted(id, node.id(), node.incarnation(), node.id(), node.incarnation(), id));
    }

    @Nested
    class By_the_database {

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

    /** Pass by pass, in the test's thread. */
    @Nested
    class By_its_own_account {
        private final LocalExecutions local = new LocalExecutions();
        private final UUID one = UUID.randomUUID();
        private Optional<Blocker> seenInAPass = Optional.empty();

        private Optional<Blocker> blocker(RecoveryPass pass) {
            return pass.handover().blocker();
        }

        private RecoveryPass pass(Executor executor, DataSource data) {
            Heartbeat life = new Heartbeat(database.dataSource(), "n1", QUICK, new Heartbeat.Beats() {
                @Override
                public void heard(Connection connection, NodeIdentity node) {}

                @Override
                public boolean handsOver() {
                    return false;
                }

                @Override
                public void notYet() {}

                @Override
                public void stopped() {}
            });
            Workplace workplace = Workplace.of(data, QUICK, FaultPoints.NONE);
            return new RecoveryPass(workplace, life, executor, local, Set.of("count"));
        }

        private Executor executor() {
            Workplace workplace = Workplace.of(database.dataSource(), QUICK, FaultPoints.NONE);
            return new Executor(workplace, Map.of("count", new CountingJob()), () -> {}, (_, _) -> {});
        }

        private RecoveryPass handingOver() {
            Executor executor = executor();
            executor.stopAll();
            return pass(executor, database.dataSource());
        }

        @Test
        void has_handed_over_once_a_pass_went_through_and_found_nothing() {
            RecoveryPass pass = handingOver();
            assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
            pass.activate();
            assertThat(blocker(pass)).isEmpty();
        }

        @Test
        void what_was_never_taken_up_is_in_nobodys_way() {
            UUID id = start("k1");
            RecoveryPass pass = handingOver();
            pass.activate();
            assertThat(blocker(pass)).isEmpty();
            assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
        }

        @Test
        void a_pass_from_before_it_was_asked_does_not_count() {
            Executor executor = executor();
            RecoveryPass pass = pass(executor, database.dataSource());
            pass.activate();
            executor.stopAll();
            assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
            pass.activate();
            assertThat(blocker(pass)).isEmpty();
        }

        @Test
        void a_pass_that_began_before_the_last_was_started_does_not_count_and_what_works_is_waited_for() {
            RecoveryPass pass = handingOver();
            pass.activate();
            local.starting(one);
            local.created(one);
            assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
            pass.activate();
            assertThat(blocker(pass)).contains(Blocker.WORKING);
            local.ended(new Key(one, Key.FIRST_EPOCH));
            pass.activate();
            assertThat(blocker(pass)).isEmpty();
        }

        @Test
        void a_start_in_doubt_is_looked_for_by_a_pass_that_begins_later() {
            RecoveryPass pass = handingOver();
            pass.activate();
            local.starting(one);
            local.createInDoubt(one);
            assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
            pass.activate();
            assertThat(blocker(pass)).isEmpty();
        }

        @Test
        void what_is_in_its_name_and_nothing_here_works_on_is_given_back() throws SQLException {
            UUID id = start("k1");
            RecoveryPass pass = handingOver();
            takenUnheard(id, new NodeIdentity("n1", 1));
            pass.activate();
            assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
            assertThat(blocker(pass)).isEmpty();
        }

        @Test
        void a_pass_in_which_something_failed_does_not_count() throws SQLException {
            UUID id = start("k1");
            RecoveryPass pass = handingOver();
            takenUnheard(id, new NodeIdentity("n1", 1));
            execute(REFUSE);
            assertThat(pass.activate().success()).isFalse();
            assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
            execute("drop trigger refuse on job_execution");
            assertThat(pass.activate().success()).isTrue();
            assertThat(blocker(pass)).isEmpty();
            assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
        }

        @Test
        void a_pass_that_could_not_look_does_not_count() throws SQLException {
            RecoveryPass pass = handingOver();
            execute("alter table job_execution rename to away");
            assertThat(pass.activate().success()).isFalse();
            assertThat(blocker(pass)).contains(Blocker.NOT_LOOKED);
            execute("alter table away rename to job_execution");
        }

        @Test
        void a_pass_that_is_under_way_is_waited_for() {
            Executor executor = executor();
            executor.stopAll();
            RecoveryPass[] made = new RecoveryPass[1];
            DataSource looking = (DataSource) Proxy.newProxyInstance(
                    DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                        seenInAPass = blocker(made[0]);
                        return method.invoke(database.dataSource(), arguments);
                    });
            made[0] = pass(executor, looking);
            made[0].activate();
            assertThat(seenInAPass).contains(Blocker.PASSING);
            assertThat(blocker(made[0])).isEmpty();
        }

        @Test
        void a_pass_tells_an_operator_that_the_node_hands_over() {
            assertThat(handingOver().activate().summary()).contains("hands over");
            assertThat(new Handover(0, false, 0, Handover.NEVER)
                            .blocker()
                            .orElseThrow()
                            .text())
                    .isNotEmpty();
        }
    }

    @Nested
    class As_a_whole {

        @Test
        void is_drained_at_once_if_it_does_nothing() {
            try (JobNode node = node("n1", new CountingJob())) {
                assertThat(node.leaving()).isEmpty();
                quiesce("n1");
                awaitDrained("n1");
                assertThat(node.stopped().orElseThrow().drained()).isTrue();
                assertThat(node.leaving()).isPresent();
            }
        }

        @Test
        void waits_for_a_chunk_longer_than_a_lease_and_keeps_it_meanwhile() throws InterruptedException {
            StubbornJob job = new StubbornJob();
            List<Job> others = List.of(new CountingJob());
            try (JobNode node = node("n1", job);
                    JobNode greedy = new JobNode(database.dataSource(), "n2", others, QUICK, () -> {})) {
                UUID id = start("k1");
                node.wake();
                assertThat(job.working.await(CountingJob.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                greedy.start();
                quiesce("n1");
                Await.untilTrue(
                        CountingJob.PATIENCE,
                        () -> "not heard",
                        () -> node.leaving().isPresent());
                Instant then = view(id).owner().orElseThrow().leaseUntil();
                Await.untilTrue(
                        CountingJob.PATIENCE,
                        () -> view(id).toString(),
                        () -> view(id).owner()
                                .filter(owner -> owner.leaseUntil()
                                        .isAfter(then.plus(QUICK.lease().multipliedBy(2))))
                                .isPresent());
                assertThat(view("n1").state()).isEqualTo(NodeState.QUIESCING);
                assertThat(node.stopped()).isEmpty();
                assertThat(jobs.claims(id)).as("nobody could take it").hasSize(1);

                job.goOn.countDown();
                awaitDrained("n1");
                await(id, ExecutionState.DONE);
                assertThat(jobs.claims(id)).extracting(ClaimView::node).containsExactly("n2", "n1");
                assertThat(view("n1").executions()).isZero();
            }
        }

        @Test
        void leaves_to_others_what_is_started_on_it() {
            Job job = new CountingJob();
            try (JobNode node = node("n1", job)) {
                quiesce("n1");
                awaitDrained("n1");
                Jobs here = new Jobs(database.dataSource(), List.of(job), node);
                UUID id = accepted(here.start("count", TO_TEN, Optional.of("k1"), "test"));
                assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
                try (JobNode other = node("n2", job)) {
                    await(id, ExecutionState.DONE);
                    assertThat(jobs.claims(id)).extracting(ClaimView::node).containsOnly("n2");
                    assertThat(other.stopped()).isEmpty();
                }
            }
        }

        /** It has not begun to beat, so it cannot have heard of it. */
        @Test
        void leaves_to_others_what_is_started_on_it_before_it_has_heard() {
            Job job = new CountingJob();
            try (JobNode node = new JobNode(database.dataSource(), "n1", List.of(job), QUICK, () -> {})) {
                quiesce("n1");
                Jobs here = new Jobs(database.dataSource(), List.of(job), node);
                UUID id = accepted(here.start("count", TO_TEN, Optional.of("k1"), "test"));
                assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
                assertThat(jobs.claims(id)).isEmpty();
            }
        }

        @Test
        void stays_drained_where_the_database_is_set_back_to_when_it_was_not_there() throws SQLException {
            try (JobNode node = node("n1", new CountingJob())) {
                quiesce("n1");
                awaitDrained("n1");
                execute("""
                        begin;
                        lock table job_status in exclusive mode;
                        delete from job_status;
                        delete from ledger_node;
                        commit
                        """);
                Await.untilTrue(
                        CountingJob.PATIENCE,
                        () -> nodes().all().toString(),
                        () -> nodes().node("n1").map(NodeView::state).equals(Optional.of(NodeState.DRAINED)));
                assertThat(node.leaving()).isPresent();
            }
        }

        private UUID accepted(Started started) {
            assertThat(started).isInstanceOf(Started.Accepted.class);
            return ((Started.Accepted) started).execution();
        }
    }
}
