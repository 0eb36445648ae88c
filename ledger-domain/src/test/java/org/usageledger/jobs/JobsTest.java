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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.OnFreshDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class JobsTest extends JobsSituation {
    @Nested
    class Starting {

        @Test
        void again_with_the_same_key_finds_the_same_execution() {
            UUID id = start("k1");

            assertThat(start("k1")).isEqualTo(id);
            assertThat(jobs.executions(Optional.empty(), 10)).hasSize(1);
        }

        @Test
        void with_a_key_that_names_other_content_is_refused() {
            UUID id = start("k1");

            assertThat(jobs.start("count", Map.of("to", "11"), Optional.of("k1"), "test"))
                    .isEqualTo(new Started.KeyTaken(id));
        }

        @Test
        void a_second_one_in_the_scope_is_told_the_first_and_another_scope_is_free() {
            UUID id = start("k1");

            assertThat(jobs.start("count", TO_TEN, Optional.empty(), "test")).isEqualTo(new Started.ActiveAlready(id));
            assertThat(jobs.start("count", Map.of("to", "11"), Optional.empty(), "test"))
                    .isInstanceOf(Started.Accepted.class);
        }

        @Test
        void what_is_not_there_or_not_right_is_refused() {
            assertThat(jobs.start("sing", TO_TEN, Optional.empty(), "test")).isEqualTo(new Started.NoSuchJob("sing"));
            assertThat(jobs.start("count", Map.of(), Optional.empty(), "test"))
                    .isEqualTo(new Started.BadParameters("count wants to know how far: to"));
            assertThat(jobs.start("count", TO_TEN, Optional.of(""), "test")).isInstanceOf(Started.BadParameters.class);
        }
    }

    @Nested
    class Carrying_out {

        @Test
        void goes_chunk_by_chunk_to_the_end_and_frees_the_scope() {
            UUID id = start("k1");
            try (JobNode node = node("n1", new CountingJob())) {
                node.wake();
                await(id, ExecutionState.DONE);
            }
            assertThat(view(id).progress()).contains(new Progress(10, 10));
            assertThat(view(id).chunks()).isEqualTo(11);
            assertThat(view(id).finishedAt()).isPresent();
            assertThat(view(id).parameters()).isEqualTo(TO_TEN);
            assertThat(start("k2")).isNotEqualTo(id);
        }

        @Test
        void is_taken_up_at_once_from_a_node_that_closed() throws InterruptedException {
            CountingJob stopping = new CountingJob(4);
            UUID id = start("k1");
            try (JobNode node = node("n1", stopping)) {
                node.wake();
                assertThat(stopping.stopped.await(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
            try (JobNode node = node("n2", new CountingJob())) {
                node.wake();
                await(id, ExecutionState.DONE);
            }
            assertThat(view(id).chunks()).as("each once").isEqualTo(11);
            assertThat(view(id).claims()).isEqualTo(2);
        }

        @Test
        void fails_after_a_few_attempts_and_tells_why() {
            CountingJob broken = new CountingJob();
            broken.broken = true;
            UUID id = start("k1");
            try (JobNode node = node("n1", broken)) {
                node.wake();
                await(id, ExecutionState.FAILED);
            }
            assertThat(view(id).error().orElseThrow()).contains("cannot count");
            assertThat(view(id).failures()).isEqualTo(QUICK.attempts());
        }
    }

    @Nested
    class A_superseded_node {

        /** Mutant: a claim entered without comparing its epoch. */
        @Test
        void has_no_effect_and_is_told() throws SQLException {
            UUID id = start("k1");
            Execution old = claimed("n1", Duration.ZERO);
            Execution current = claimed("n2", Duration.ofMinutes(1));
            assertThat(current.id()).isEqualTo(id);

            assertThatThrownBy(() -> old.chunk(1, transaction -> new Progress(1, 10)))
                    .isInstanceOf(Fenced.class);
            assertThat(view(id).chunks()).isZero();
            assertThat(view(id).owner().orElseThrow().node()).isEqualTo("n2");
        }

        @Test
        void does_not_revive_its_claim_by_a_heartbeat() throws SQLException {
            start("k1");
            Execution old = claimed("n1", Duration.ZERO);
            Execution current = claimed("n2", Duration.ofMinutes(1));
            try (Connection connection = database.open()) {
                Duration lease = Duration.ofMinutes(1);
                assertThat(LeaseTable.renew(connection, old.claim().node(), List.of(old.claim()), lease))
                        .isEmpty();
                assertThat(LeaseTable.renew(connection, current.claim().node(), List.of(current.claim()), lease))
                        .containsExactly(current.id());
            }
        }

        /** Mutant: a claim entered without locking its row. */
        @Test
        void is_not_superseded_in_the_middle_of_a_chunk() throws SQLException, InterruptedException {
            start("k1");
            Execution old = claimed("n1", Duration.ZERO);
            old.chunk(1, transaction -> {
                try (Connection connection = database.open()) {
                    NodeIdentity other = NodeTable.register(connection, "n2");
                    assertThat(JobsSituation.claimed(connection, other, Duration.ZERO))
                            .isEmpty();
                }
                return new Progress(1, 10);
            });
            assertThat(old.claim().epoch()).isEqualTo(1);
        }

        private Execution claimed(String name, Duration lease) throws SQLException {
            try (Connection connection = database.open()) {
                NodeIdentity node = NodeTable.register(connection, name);
                ClaimTable.Claimed claimed =
                        JobsSituation.claimed(connection, node, lease).getFirst();
                return new Execution(
                        Workplace.of(database.dataSource(), JobTimes.USUAL, FaultPoints.NONE),
                        claimed.claim(),
                        claimed.parameters().named(),
                        (_, _, _) -> {});
            }
        }
    }

    @Nested
    class A_node {

        @Test
        void that_was_expunged_does_not_come_back() throws SQLException {
            try (Connection connection = database.open()) {
                NodeTable.register(connection, "n1");
                try (var statement = connection.prepareStatement("""
                        update ledger_node
                        set state = 'expunged',
                          expunged_at = clock_timestamp(),
                          expunged_by = 'test',
                          expunge_reason = 'it burned'
                        """)) {
                    statement.executeUpdate();
                }
                assertThatThrownBy(() -> NodeTable.register(connection, "n1"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("expunged");
            }
        }

        @Test
        void counts_its_lives() throws SQLException {
            try (Connection connection = database.open()) {
                assertThat(NodeTable.register(connection, "n1").incarnation()).isEqualTo(1);
                assertThat(NodeTable.register(connection, "n1").incarnation()).isEqualTo(2);
            }
        }
    }
}
