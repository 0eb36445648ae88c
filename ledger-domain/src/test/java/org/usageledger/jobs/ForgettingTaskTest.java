package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.tasks.Result;

/** Executions that ended long ago, as the role that serves forgets them. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class ForgettingTaskTest extends JobsSituation {
    private static final int DAYS = 90;

    private ForgettingTask task(int rows) {
        return new ForgettingTask(database.serviceAddress().dataSource(), DAYS, rows);
    }

    private Result forget() throws SQLException {
        return task(1_000).activate();
    }

    /** Named by its key. */
    private void ended(String key, String to, String state, int daysAgo) throws SQLException {
        UUID id = ((Started.Accepted) jobs.start("count", Map.of("to", to), Optional.of(key), "test")).execution();
        change("""
                update job_execution
                set state = ?,
                  created_at = clock_timestamp() - ? * interval '1 day' - interval '1 minute',
                  finished_at = clock_timestamp() - ? * interval '1 day',
                  cancel_requested_at = clock_timestamp(),
                  cancel_requested_by = 'x',
                  cancel_reason = 'x'
                where execution_id = ?
                """, state, daysAgo, daysAgo, id);
    }

    /** With claims, steps and findings, as if it had worked. */
    private void worked(String key) throws SQLException {
        change("""
                insert into job_claim (execution_id, claim_epoch, node_id, incarnation, reason, backend_pid, backend_start)
                select e.execution_id, epoch, 'n1', 1, 'start', 1, clock_timestamp()
                from job_execution e, generate_series(1, 3) as epoch
                where e.request_key = ?
                """, key);
        change("""
                insert into job_step_event (execution_id, step, chunk, event, claim_epoch, node_id)
                select e.execution_id, 1, chunk, 'succeeded', 1 + chunk % 3, 'n1'
                from job_execution e, generate_series(1, 40) as chunk
                where e.request_key = ?
                """, key);
        change("""
                insert into job_finding (execution_id, position, finding)
                select e.execution_id, number, 'odd'
                from job_execution e, generate_series(1, 5) as number
                where e.request_key = ?
                """, key);
    }

    private Set<String> left() throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select request_key from job_execution")) {
            Set<String> keys = new TreeSet<>();
            while (row.next()) {
                keys.add(row.getString(1));
            }
            return keys;
        }
    }

    private long rows() throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select (select count(*) from job_claim) + (select count(*) from job_step_event)
                          + (select count(*) from job_finding)
                        """)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Nested
    class Are_forgotten {

        @Test
        void when_they_ended_longer_ago_than_the_days_and_a_later_one_of_job_and_scope_is_there() throws SQLException {
            ended("old", "1", "done", 91);
            ended("young", "1", "done", 89);
            ended("last", "1", "done", 2);
            Result result = forget();
            assertThat(left()).containsExactly("last", "young");
            assertThat(result.details()).containsEntry("forgotten", 1L).containsEntry("busy", false);
        }

        @Test
        void with_their_claims_steps_and_findings() throws SQLException {
            ended("old", "1", "done", 91);
            worked("old");
            ended("last", "1", "done", 2);
            assertThat(rows()).isEqualTo(48);
            assertThat(forget().details()).containsEntry("deleted_rows", 49L);
            assertThat(left()).containsExactly("last");
            assertThat(rows()).isZero();
        }

        @Test
        void in_transactions_of_few_rows_that_go_on_where_the_last_ended() throws SQLException {
            ended("old", "1", "done", 92);
            worked("old");
            ended("next", "1", "done", 91);
            ended("last", "1", "done", 2);
            try (Connection connection = database.serviceAddress().open();
                    Statement statement = connection.createStatement()) {
                for (long before = rows(); left().contains("old"); before = rows()) {
                    statement.execute("select ledger_forget_executions(90, 7)");
                    assertThat(before - rows()).isLessThanOrEqualTo(7);
                }
            }
            assertThat(task(7).activate().details()).containsEntry("forgotten", 1L);
            assertThat(left()).containsExactly("last");
        }

        @Test
        void when_they_failed_and_were_made_up_for_before_what_made_up_for_them() throws SQLException {
            ended("failed", "1", "failed", 95);
            ended("mended", "1", "done", 94);
            ended("last", "1", "cancelled", 1);
            change("select ledger_forget_executions(90, 1)");
            assertThat(left()).containsExactly("last", "mended");
            forget();
            assertThat(left()).containsExactly("last");
        }

        @Test
        void when_they_have_no_scope_and_a_later_one_of_the_job_is_there() throws SQLException {
            ended("old", "1", "done", 92);
            ended("last", "2", "done", 91);
            change("update job_execution set scope_key = 'execution:' || execution_id");
            forget();
            assertThat(left()).containsExactly("last");
        }
    }

    @Nested
    class Stay_however_old {

        @Test
        void when_they_have_not_ended() throws SQLException {
            start("waits");
            change("update job_execution set created_at = clock_timestamp() - interval '1000 days'");
            ended("last", "2", "done", 1);
            change("update job_execution set scope_key = 'count:10'");
            forget();
            assertThat(left()).containsExactly("last", "waits");
        }

        @Test
        void when_they_are_the_last_of_their_job_and_scope() throws SQLException {
            ended("a", "1", "done", 1000);
            ended("b", "2", "done", 999);
            ended("c", "1", "done", 998);
            change("update job_execution set kind = 'other' where request_key = 'c'");
            forget();
            assertThat(left()).containsExactly("a", "b", "c");
        }

        @Test
        void when_they_failed_and_nobody_made_up_for_them() throws SQLException {
            ended("failed", "1", "failed", 1000);
            ended("later", "1", "cancelled", 999);
            ended("last", "1", "failed", 1);
            forget();
            assertThat(left()).containsExactly("failed", "last");
        }

        @Test
        void when_they_found_something_and_no_later_one_found_nothing() throws SQLException {
            ended("odd", "1", "done", 1000);
            worked("odd");
            ended("last", "1", "done", 1);
            worked("last");
            forget();
            assertThat(left()).containsExactly("last", "odd");
        }

        @Test
        void when_they_make_up_for_one_that_ended_later_than_they_did() throws SQLException {
            ended("slow", "1", "failed", 95);
            ended("mended", "1", "done", 94);
            change(
                    "update job_execution set finished_at = clock_timestamp() - interval '1 day' where request_key = 'slow'");
            ended("last", "1", "cancelled", 1);
            forget();
            assertThat(left()).containsExactly("last", "mended", "slow");
        }
    }

    @Nested
    class One_at_a_time {

        @Test
        void another_node_leaves_it_to_the_one_that_does_it() throws SQLException {
            ended("old", "1", "done", 91);
            ended("last", "1", "done", 1);
            try (Connection other = database.serviceAddress().open();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("select ledger_forget_executions(36500, 1)");
                Result result = forget();
                assertThat(result.success()).isTrue();
                assertThat(result.details()).containsEntry("busy", true).containsEntry("forgotten", 0L);
                other.rollback();
            }
            assertThat(forget().details()).containsEntry("forgotten", 1L);
        }

        @Test
        void what_there_is_left_to_do_is_done_at_once() throws SQLException {
            ended("older", "1", "done", 92);
            worked("older");
            ended("old", "1", "done", 91);
            worked("old");
            ended("last", "1", "done", 1);
            ForgettingTask slow = task(1);
            assertThat(slow.activate().again()).contains(Duration.ZERO);
            assertThat(slow.activate().again()).isEmpty();
            assertThat(slow.forgotten()).isEqualTo(2);
            assertThat(slow.description()).contains("90 days");
        }
    }

    @Test
    void the_role_that_serves_can_have_nothing_else_forgotten() {
        for (String call : List.of(
                "select ledger_forget_executions(0, 100)",
                "select ledger_forget_executions(90, 0)",
                "select ledger_forget_executions(90, 10001)")) {
            assertThatThrownBy(() -> {
                        try (Connection connection = database.serviceAddress().open();
                                Statement statement = connection.createStatement()) {
                            statement.execute(call);
                        }
                    })
                    .hasMessageContaining("at least a day");
        }
    }
}
