package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.jobs.Unwell.Reason;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** Executions that somebody has to look at. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class UnwellTest extends JobsSituation {
    private UUID ended(String key, String to, String state) throws SQLException {
        UUID id = started(key, to);
        change("""
                update job_execution
                set state = ?,
                  finished_at = clock_timestamp(),
                  cancel_requested_at = clock_timestamp(),
                  cancel_requested_by = 'x',
                  cancel_reason = 'x'
                where execution_id = ?
                """, state, id);
        return id;
    }

    private UUID started(String key, String to) {
        return ((Started.Accepted) jobs.start("count", Map.of("to", to), Optional.of(key), "test")).execution();
    }

    private void abandoned(UUID id, String why) throws SQLException {
        change("""
                update job_execution
                set state = 'abandoned',
                  finished_at = clock_timestamp(),
                  abandon_at = clock_timestamp(),
                  abandon_reason = ?,
                  abandon_comment = 'x'
                where execution_id = ?
                """, why, id);
    }

    private void found(UUID id) throws SQLException {
        change("insert into job_finding (execution_id, position, finding) values (?, 7, 'odd'), (?, 8, 'odd')", id, id);
    }

    private List<UUID> named() {
        return jobs.unwell().stream().map(Unwell::execution).toList();
    }

    @Nested
    class That_ended {

        @Test
        void are_named_with_their_job_and_reason_the_oldest_first() throws SQLException {
            UUID failed = ended("k1", "1", "failed");
            UUID stuck = ended("k2", "2", "stuck");
            ended("k3", "3", "done");
            UUID last = started("k4", "4");
            abandoned(last, "unrecoverable");

            assertThat(jobs.unwell())
                    .extracting(Unwell::execution, Unwell::job, Unwell::reason)
                    .containsExactly(
                            tuple(failed, "count", Reason.FAILED),
                            tuple(stuck, "count", Reason.STUCK),
                            tuple(last, "count", Reason.ABANDONED));
            assertThat(jobs.unwell().getFirst().since())
                    .isEqualTo(view(failed).finishedAt().orElseThrow());
        }

        @Test
        void are_not_named_where_an_operator_gave_them_up() throws SQLException {
            UUID id = started("k1", "1");
            abandoned(id, "operator");
            assertThat(named()).isEmpty();
        }

        @Test
        void are_over_once_a_later_one_of_the_scope_is_done() throws SQLException {
            ended("k0", "1", "done");
            UUID id = ended("k1", "1", "failed");
            ended("k2", "1", "cancelled");
            ended("k3", "2", "done");
            assertThat(named()).containsExactly(id);
            ended("k4", "1", "done");
            assertThat(named()).isEmpty();
        }

        @Test
        void are_over_once_a_later_one_of_the_scope_is_done_whatever_its_parameters() throws SQLException {
            UUID id = ended("k1", "1", "failed");
            UUID other = ended("k2", "2", "done");
            assertThat(named()).containsExactly(id);
            change("update job_execution set scope_key = ? where execution_id = ?", "count:1", other);
            assertThat(named()).isEmpty();
        }

        @Test
        void are_over_once_a_later_one_with_the_parameters_is_done_where_there_is_no_scope() throws SQLException {
            UUID id = ended("k1", "1", "failed");
            change("update job_execution set scope_key = ? where execution_id = ?", "execution:a", id);
            UUID other = ended("k2", "2", "done");
            change("update job_execution set scope_key = ? where execution_id = ?", "execution:b", other);
            assertThat(named()).containsExactly(id);
            UUID same = ended("k3", "1", "done");
            change("update job_execution set scope_key = ? where execution_id = ?", "execution:c", same);
            assertThat(named()).isEmpty();
        }

        @Test
        void with_findings_are_named_until_a_later_one_finds_nothing() throws SQLException {
            UUID first = ended("k1", "1", "done");
            found(first);
            assertThat(jobs.unwell()).extracting(Unwell::reason).containsExactly(Reason.FINDINGS);
            UUID second = ended("k2", "1", "done");
            found(second);
            assertThat(named()).containsExactly(first, second);
            UUID third = ended("k3", "1", "done");
            change("update job_execution set kind = 'other' where execution_id = ?", third);
            assertThat(named()).containsExactly(first, second);
            ended("k4", "1", "done");
            assertThat(named()).isEmpty();
        }
    }

    @Nested
    class That_go_on {

        private void old(UUID id) throws SQLException {
            change("""
                    update job_execution
                    set last_progress_at = clock_timestamp() - interval '31 minutes',
                      next_attempt_at = clock_timestamp() - interval '31 minutes'
                    where execution_id = ?
                    """, id);
        }

        @Test
        void are_named_when_they_have_not_come_forward_for_half_an_hour() throws SQLException {
            UUID waits = started("k1", "1");
            started("k2", "2");
            assertThat(named()).isEmpty();
            old(waits);
            assertThat(jobs.unwell())
                    .extracting(Unwell::execution, Unwell::reason)
                    .containsExactly(tuple(waits, Reason.NOT_PROGRESSING));
        }

        @Test
        void are_not_named_while_they_wait_for_their_next_attempt() throws SQLException {
            UUID waits = started("k1", "1");
            old(waits);
            change(
                    "update job_execution set next_attempt_at = clock_timestamp() + interval '1 minute' where execution_id = ?",
                    waits);
            assertThat(named()).isEmpty();
        }

        @Test
        void are_not_named_when_they_were_taken_up_a_moment_ago() throws SQLException {
            UUID id = started("k1", "1");
            old(id);
            try (Connection connection = database.open()) {
                NodeIdentity node = NodeTable.register(connection, "n1");
                assertThat(claimed(connection, node, QUICK.lease())).hasSize(1);
            }
            assertThat(named()).isEmpty();
            change("update job_claim set claimed_at = clock_timestamp() - interval '31 minutes'");
            assertThat(named()).containsExactly(id);
        }
    }

    @Nested
    class Counted {

        @Test
        void active_ones_are_counted_by_job_and_state_and_jobs_without_any_are_there() {
            assertThat(jobs.active())
                    .isEqualTo(Map.of(
                            "count",
                            Map.of(
                                    ExecutionState.PENDING, 0L,
                                    ExecutionState.RUNNING, 0L,
                                    ExecutionState.UNWINDING, 0L)));
            started("k1", "1");
            started("k2", "2");
            assertThat(jobs.active().get("count")).containsEntry(ExecutionState.PENDING, 2L);
        }

        @Test
        void nodes_are_counted_by_state_and_those_that_should_be_heard_of_apart() throws SQLException {
            try (Connection connection = database.open()) {
                NodeTable.register(connection, "n1");
                NodeTable.register(connection, "n2");
                NodeIdentity drained = NodeTable.register(connection, "n3");
                assertThat(NodeTable.drained(connection, drained)).isTrue();
            }
            change("update ledger_node set seen_at = seen_at - interval '1 hour' where node_id in ('n2', 'n3')");
            change("update ledger_node set seen_at = seen_at + interval '1 hour' where node_id = 'n1'");
            assertThat(new Nodes(database.dataSource(), QUICK).counts())
                    .isEqualTo(Map.of(
                            "starting",
                            0L,
                            "active",
                            1L,
                            "quiescing",
                            0L,
                            "drained",
                            1L,
                            "expunged",
                            0L,
                            "silent",
                            1L));
        }
    }
}
