package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.Origin;
import org.usageledger.log.AppendObserver;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.AppenderLimits;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.log.NewEvent;
import org.usageledger.log.Standstill;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** A node that others took for dead, while its process goes on. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class ExpungingTest extends ClaimsSituation {
    private static final Word WORD = new Word("op", "it burned");

    private Nodes nodes;

    @BeforeEach
    void list() {
        nodes = new Nodes(database.dataSource(), QUICK);
    }

    private void expunge(String node) {
        assertThat(nodes.expunge(node, WORD, true)).isInstanceOf(Nodes.Answer.Accepted.class);
    }

    /** All that is there of nodes and executions, but for when who was last heard of. */
    private String rows() throws SQLException {
        StringBuilder rows = new StringBuilder();
        try (Connection connection = database.open();
                var statement = connection.prepareStatement("""
                        select (to_jsonb(n) - 'seen_at')::text as line
                        from ledger_node n
                        union all
                        select to_jsonb(e)::text
                        from job_execution e
                        union all
                        select to_jsonb(c)::text
                        from job_claim c
                        order by line
                        """);
                var row = statement.executeQuery()) {
            while (row.next()) {
                rows.append(row.getString("line")).append('\n');
            }
        }
        return rows.toString();
    }

    private UUID startOf(String scope) {
        if (jobs.start("count", Map.of("to", scope), Optional.empty(), "test")
                instanceof Started.Accepted(UUID execution)) {
            return execution;
        }
        throw new AssertionError("not started: " + scope);
    }

    @Nested
    class Its_executions {

        /** Mutants: whatever the owner, taken; another generation taken. */
        @Test
        void are_taken_over_at_once_and_no_others() throws SQLException {
            UUID mine = startOf("3");
            UUID another = startOf("4");
            UUID foreign = startOf("5");
            claimed(registered("n1"), LONG);
            UUID others = startOf("6");
            claimed(registered("n2"), LONG);
            execute("""
                    update job_execution
                    set code_generation = 2
                    where params ->> 'to' = '5'
                    """);
            ExecutionView foreignBefore = view(foreign);
            ExecutionView othersBefore = view(others);

            expunge("n1");
            try (JobNode node = node("n3", new CountingJob())) {
                node.wake();
                await(mine, ExecutionState.DONE);
                await(another, ExecutionState.DONE);
                assertThat(view(foreign)).isEqualTo(foreignBefore);
                assertThat(view(others)).isEqualTo(othersBefore);
            }
            assertThat(number("""
                    select count(*)
                    from job_claim
                    where reason = 'expunged'
                      and node_id = 'n3'
                      and claim_epoch = 2
                    """)).isEqualTo(2);
        }

        @Test
        void are_where_they_were_when_it_is_expunged_again() throws SQLException {
            start("k1");
            claimed(registered("n1"), LONG);
            expunge("n1");
            String before = rows();

            assertThat(nodes.expunge("n1", new Word("another", "again"), false))
                    .isInstanceOf(Nodes.Answer.Accepted.class);
            assertThat(rows()).isEqualTo(before);
        }
    }

    @Nested
    class Its_process {

        /** Mutant: the node not looked at on entering a step. */
        @Test
        void carries_nothing_out_before_anybody_has_taken_over() throws SQLException {
            UUID id = start("k1");
            NodeIdentity n1 = registered("n1");
            Execution held = claimed(n1, LONG).getFirst();
            UUID waiting = startOf("7");
            expunge("n1");
            String before = rows();

            assertThatThrownBy(() -> held.chunk(1, transaction -> new Progress(1, 10)))
                    .isInstanceOf(Fenced.class)
                    .hasMessageContaining("expunged");
            assertThatThrownBy(() -> held.finish(1, transaction -> new Progress(1, 10)))
                    .isInstanceOf(Fenced.class);
            assertThatThrownBy(() -> held.settle(
                            transaction -> OutcomeTable.retry(transaction, held.claim(), "late", Duration.ZERO)))
                    .isInstanceOf(Fenced.class);
            assertThat(claimed(n1, LONG)).isEmpty();
            try (Connection connection = database.open()) {
                assertThat(NodeTable.seen(connection, n1)).isEmpty();
            }
            assertThatThrownBy(() -> registered("n1")).hasMessageContaining("expunged");
            assertThatThrownBy(() -> node("n1", new CountingJob())).hasMessageContaining("expunged");
            assertThat(view(id).chunks()).isZero();
            assertThat(view(waiting).state()).isEqualTo(ExecutionState.PENDING);
            assertThat(rows()).isEqualTo(before);
        }

        /** Mutant: nobody waits for the chunk. */
        @Test
        void is_let_end_the_chunk_that_is_under_way_and_then_it_is_over() throws Exception {
            UUID id = start("k1");
            Execution held = claimed(registered("n1"), LONG).getFirst();
            CompletableFuture<?>[] expunged = new CompletableFuture<?>[1];
            held.chunk(1, transaction -> {
                expunged[0] = CompletableFuture.runAsync(() -> expunge("n1"));
                Await.untilTrue(CountingJob.PATIENCE, () -> rows(), () -> number("""
                        select count(*)
                        from pg_stat_activity
                        where datname = current_database()
                          and wait_event_type = 'Lock'
                          and query like '%job_execution%'
                        """) == 1);
                assertThat(expunged[0]).isNotDone();
                return new Progress(1, 10);
            });
            expunged[0].get(CountingJob.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThatThrownBy(() -> held.chunk(1, transaction -> new Progress(2, 10)))
                    .isInstanceOf(Fenced.class);
            assertThat(view(id).progress()).contains(new Progress(1, 10));
        }
    }

    @Nested
    class Its_appender {

        private AppendResult append(LogAppender appender, String guid) throws Exception {
            return ClaimsSituation.append(appender, Events.process(guid, "p1", "STARTED", 512));
        }

        private LogAppender appender(HeadWatch watch, String node) {
            return new LogAppender(database.dataSource(), watch, AppenderLimits.DEFAULT, AppendObserver.NONE, node);
        }

        /** Mutant: no look at the node. */
        @Test
        void records_nothing_any_more_and_says_what_to_do_while_another_node_appends() throws Exception {
            registered("n1");
            registered("n2");
            try (HeadWatch watch = new HeadWatch(database.dataSource(), Duration.ofMillis(50));
                    LogAppender one = appender(watch, "n1");
                    LogAppender two = appender(watch, "n2")) {
                assertThat(append(one, "e1")).isInstanceOf(AppendResult.Done.class);
                expunge("n1");

                assertThat(append(one, "e2")).isEqualTo(new AppendResult.NodeExpunged("n1"));
                NewEvent stop = NewEvent.onlyIntoOpenRun(Events.task("t1", "TASK_STOPPED"), Origin.PLATFORM);
                assertThat(answer(one.append(AppendRequest.of(List.of(stop), AppendRequest.OnConflict.REFUSE_REQUEST))))
                        .isEqualTo(new AppendResult.NodeExpunged("n1"));
                assertThat(one.status().lastFault())
                        .contains("node n1 was expunged", "start this service under another node name");
                assertThat(append(two, "e2")).isInstanceOf(AppendResult.Done.class);
            }
            assertThat(events()).isEqualTo(2);
            assertThat(number("""
                    select count(*)
                    from suppressed_stop
                    """)).isZero();
        }

        /** Mutant: the node looked at before the counter is locked. */
        @Test
        void is_judged_once_it_has_the_counter() throws Exception {
            registered("n1");
            try (HeadWatch watch = new HeadWatch(database.dataSource(), Duration.ofMillis(50));
                    LogAppender one = appender(watch, "n1");
                    Connection operator = database.open()) {
                operator.setAutoCommit(false);
                NodeControlTable.expunge(operator, nodes.node("n1").orElseThrow(), WORD);
                CompletableFuture<AppendResult> waiting =
                        one.append(request(Events.process("e1", "p1", "STARTED", 512), Optional.empty()));
                awaitAppenderAtTheCounter();
                operator.commit();

                assertThat(answer(waiting)).isEqualTo(new AppendResult.NodeExpunged("n1"));
            }
            assertThat(events()).isZero();
        }

        /** Mutant: the node expunged beside an append that was judged and is not committed. */
        @Test
        void has_committed_what_it_was_let_append_before_the_node_is_expunged() throws Exception {
            registered("n1");
            try (Connection appending = database.open()) {
                appending.setAutoCommit(false);
                Standstill.begin(appending);
                CompletableFuture<Void> expunged = CompletableFuture.runAsync(() -> expunge("n1"));
                Await.untilTrue(CountingJob.PATIENCE, () -> "nobody waits", () -> number("""
                        select count(*)
                        from pg_stat_activity
                        where datname = current_database()
                          and wait_event_type = 'Lock'
                        """) == 1);
                assertThat(nodes.node("n1").orElseThrow().state()).isEqualTo(NodeState.ACTIVE);
                appending.commit();
                expunged.get(CountingJob.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(nodes.node("n1").orElseThrow().state()).isEqualTo(NodeState.EXPUNGED);
        }

        /** Nobody took it for dead: what it is sent is recorded as well as by the younger one. */
        @Test
        void goes_on_where_another_service_was_merely_started_under_its_name() throws Exception {
            registered("n1");
            try (HeadWatch watch = new HeadWatch(database.dataSource(), Duration.ofMillis(50));
                    LogAppender older = appender(watch, "n1")) {
                registered("n1");
                assertThat(append(older, "e1")).isInstanceOf(AppendResult.Done.class);
            }
        }
    }
}
