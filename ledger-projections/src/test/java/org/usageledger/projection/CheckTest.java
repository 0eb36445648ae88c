package org.usageledger.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.usageledger.jobs.ExecutionState;
import org.usageledger.jobs.ExecutionView;
import org.usageledger.jobs.JobNode;
import org.usageledger.jobs.JobTimes;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.Started;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.running.TestEvent;
import org.usageledger.running.TestLedger;

/** A check in ranges of two rows, broken off in the middle. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class CheckTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 2;
    private static final JobTimes QUICK = new JobTimes(
            Duration.ofMillis(900), Duration.ofMillis(100), Duration.ofMillis(50), Duration.ofMillis(200), 3, 20);

    /** Mutant: an attempt begins the comparison anew. */
    @Test
    void goes_on_behind_the_last_range_after_it_was_broken_off(TestDatabase database) throws SQLException {
        TestLedger ledger = new TestLedger(database.dataSource());
        List<TestEvent> events = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            events.add(TestEvent.begins(ResourceKind.PROCESS, "p" + i));
        }
        ledger.append(events);
        Broken model = new Broken();
        fold(database, model, ledger.head());
        try (Connection connection = database.open();
                var statement = connection.prepareStatement("""
                        delete from running_resource
                        where resource_key in ('p1', 'p7')
                        """)) {
            statement.executeUpdate();
        }
        Check check = new Check(List.of(model), 100, ROWS);
        Jobs jobs = new Jobs(database.dataSource(), List.of(check), () -> {});
        UUID id = started(jobs);
        try (JobNode node = new JobNode(database.dataSource(), "n1", List.of(check), QUICK, () -> {}).start()) {
            node.wake();
            Await.untilTrue(
                    PATIENCE,
                    () -> view(jobs, id).toString(),
                    () -> view(jobs, id).state() == ExecutionState.DONE);
        }
        assertThat(view(jobs, id).failures()).isEqualTo(1);
        assertThat(model.compared).containsExactly("", "1:p2", "1:p4", "1:p4", "1:p6");
        assertThat(jobs.findings(id).stream().filter(found -> found.what().contains("runs by the log, but not by")))
                .hasSize(2);
    }

    private static void fold(TestDatabase database, ReadModel model, long head) throws SQLException {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            Claim claim = ProjectionTable.claim(connection, model, "test", Duration.ofMinutes(1))
                    .orElseThrow()
                    .claim();
            Window window = new Window(0, head);
            model.fold(
                    connection, ProjectionTable.move(connection, claim, window).orElseThrow(), window);
            connection.commit();
        }
    }

    private static UUID started(Jobs jobs) {
        Started started = jobs.start("check", Map.of(), Optional.empty(), "test");
        if (started instanceof Started.Accepted(UUID execution)) {
            return execution;
        }
        throw new AssertionError("not started: " + started);
    }

    private static ExecutionView view(Jobs jobs, UUID id) {
        return jobs.execution(id).orElseThrow();
    }

    /** Breaks off once, behind the second range. */
    private static final class Broken extends DisturbedFold {
        private final List<String> compared = new CopyOnWriteArrayList<>();
        private final AtomicBoolean broken = new AtomicBoolean();

        @Override
        public Compared compare(Connection transaction, int liveSlot, int otherSlot, String after, int rows)
                throws SQLException {
            compared.add(after);
            if (compared.size() == 3 && broken.compareAndSet(false, true)) {
                throw new SQLException("broken off");
            }
            return super.compare(transaction, liveSlot, otherSlot, after, rows);
        }
    }
}
