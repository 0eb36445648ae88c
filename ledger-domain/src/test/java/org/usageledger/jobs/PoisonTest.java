package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
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
