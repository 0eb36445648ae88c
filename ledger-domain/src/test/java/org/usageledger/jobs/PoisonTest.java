package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** An execution whose attempts all fail must end some day, and say so. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class PoisonTest extends JobsSituation {

    /** Mutant: only exceptions are recorded. */
    @Test
    void that_ends_each_attempt_by_an_error_fails_and_leaves_nothing_half_done() throws SQLException {
        CountingJob dying = new CountingJob();
        dying.dying = true;
        UUID id = start("k1");
        try (JobNode node = node("n1", dying)) {
            node.wake();
            await(id, ExecutionState.FAILED);
        }
        assertThat(view(id).error().orElseThrow()).contains("StackOverflowError");
        assertThat(view(id).failures()).isEqualTo(QUICK.attempts());
        assertThat(CountingJob.marks(database.dataSource())).isZero();
    }

    /** Mutant: claims are not counted. */
    @Test
    void that_ends_its_node_each_time_fails_after_a_number_of_claims() throws SQLException {
        UUID id = start("k1");
        die(QUICK.claims());
        try (JobNode node = node("n9", new CountingJob())) {
            node.wake();
            await(id, ExecutionState.FAILED);
        }
        assertThat(view(id).error().orElseThrow()).contains("without getting further");
        assertThat(view(id).chunks()).isZero();
    }

    @Test
    void is_none_that_gets_further_between_its_claims() throws SQLException {
        UUID id = start("k1");
        Execution last = die(QUICK.claims());
        progress(last);
        die(QUICK.claims() - 1);
        try (JobNode node = node("n9", new CountingJob())) {
            node.wake();
            await(id, ExecutionState.DONE);
        }
    }

    /** Mutant: only exceptions are counted among the tries to clean up. */
    @Test
    void that_ends_its_cleaning_up_by_an_error_is_stuck_and_not_taken_up_again() {
        CountingJob dying = new CountingJob();
        dying.broken = true;
        dying.dyingInCleanUp = true;
        UUID id = start("k1");
        try (JobNode node = node("n1", dying)) {
            node.wake();
            await(id, ExecutionState.STUCK);
        }
        assertThat(view(id).error().orElseThrow()).contains("cannot count").contains("too deep to clean up");
        assertThat(view(id).claims()).isLessThanOrEqualTo(QUICK.attempts());

        assertThat(jobs.abandon(id, new Word("test", "seen"), false)).isInstanceOf(Controlled.Accepted.class);
        assertThat(view(id).state()).isEqualTo(ExecutionState.ABANDONED);
        assertThat(jobs.abandon(id, new Word("test", "seen"), false)).isInstanceOf(Controlled.Accepted.class);
    }

    /** Mutant: an execution that cleans up is never given up on. */
    @Test
    void that_ends_its_node_each_time_it_cleans_up_is_stuck_after_a_number_of_claims() throws SQLException {
        UUID id = start("k1");
        die(1);
        cleansUp(id);
        die(2 * QUICK.claims());
        try (JobNode node = node("n9", new CountingJob())) {
            node.wake();
            await(id, ExecutionState.STUCK);
        }
        assertThat(view(id).error().orElseThrow()).contains("without getting further");
    }

    private void cleansUp(UUID id) throws SQLException {
        try (Connection connection = database.open();
                var statement = connection.prepareStatement("""
                        update job_execution
                        set state = 'unwinding',
                          unwinding_to = 'failed'
                        where execution_id = ?
                        """)) {
            statement.setObject(1, id);
            statement.executeUpdate();
        }
    }

    /** Mutant: failures are counted over the whole life of an execution. */
    @Test
    void is_none_that_stumbles_more_often_than_it_may_fail_and_gets_further_each_time() {
        CountingJob stumbling = new CountingJob();
        stumbling.stumbling = true;
        UUID id = start("k1");
        try (JobNode node = node("n1", stumbling)) {
            node.wake();
            await(id, ExecutionState.DONE);
        }
        assertThat(view(id).failures()).isEqualTo(10).isGreaterThan(QUICK.attempts());
    }

    /** Mutant: what is given up for good is counted as a failure alone. */
    @Test
    void that_is_not_what_was_asked_for_is_abandoned_and_counted() throws SQLException {
        UUID id = start("k1");
        try (Connection connection = database.open();
                var statement = connection.prepareStatement("""
                        update job_execution
                        set params = '{"to": "11"}'
                        """)) {
            statement.executeUpdate();
        }
        try (JobNode node = node("n1", new CountingJob())) {
            node.wake();
            await(id, ExecutionState.ABANDONED);
            Await.untilTrue(
                    CountingJob.PATIENCE,
                    () -> node.report().alarms().toString(),
                    () -> node.report().alarms().abandoned() == 1);
        }
    }

    /** Mutant: no constraint; then nothing at all can be claimed any more. */
    @Test
    void whose_parameters_nobody_could_read_does_not_get_on_record() {
        start("k1");
        for (String parameters : List.of("[]", "{\"to\": null}", "{\"to\": 1}", "{\"to\": {}}")) {
            assertThatThrownBy(() -> {
                        try (Connection connection = database.open();
                                var statement = connection.prepareStatement("""
                                        update job_execution
                                        set params = ?::jsonb
                                        """)) {
                            statement.setString(1, parameters);
                            statement.executeUpdate();
                        }
                    })
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("params_are_texts");
        }
    }

    private void progress(Execution execution) throws SQLException {
        try {
            execution.chunk(1, transaction -> new Progress(1, 10));
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Claims so often and is never heard of again; the last of it. */
    private Execution die(int times) throws SQLException {
        try (Connection connection = database.open()) {
            NodeIdentity node = NodeTable.register(connection, "n1");
            Claim claim = claimed(connection, node, Duration.ZERO).getFirst().claim();
            for (int i = 1; i < times; i++) {
                claim = claimed(connection, node, Duration.ZERO).getFirst().claim();
            }
            JobTimes gone = new JobTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 3, 5);
            return new Execution(
                    Workplace.of(database.dataSource(), gone, FaultPoints.NONE), claim, TO_TEN, (_, _, _) -> {});
        }
    }
}
