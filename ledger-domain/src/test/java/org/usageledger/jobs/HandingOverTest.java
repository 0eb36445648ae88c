package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** A node that is asked to hand over what it does. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class HandingOverTest extends HandoverSituation {
    /** A lease that no busy machine lets run out. */
    private static final JobTimes TIMES = new JobTimes(
            Duration.ofSeconds(4), Duration.ofMillis(100), Duration.ofMillis(20), Duration.ofMillis(50), 3, 5);

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
        try (JobNode node = new JobNode(database.dataSource(), "n1", List.of(job), TIMES, () -> {}).start();
                JobNode greedy = new JobNode(database.dataSource(), "n2", others, TIMES, () -> {})) {
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
                                    .isAfter(then.plus(TIMES.lease().multipliedBy(2))))
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
