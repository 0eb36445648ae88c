package org.usageledger.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.tasks.TaskStatus.Completed;
import org.usageledger.tasks.TaskStatus.Idle;
import org.usageledger.tasks.TaskStatus.NeverCompleted;
import org.usageledger.tasks.TaskStatus.Running;

/** What a node reports of its tasks, as every node reads it. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class StatusTableTest extends DriverSituation {
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Map<String, Object> DETAILS = Map.of(
            "found",
            9L,
            "last_pass",
            Map.of("kind", "completed", "whole", true),
            "recent",
            List.of(Map.of("execution", "e\"1\n", "epoch", Long.MAX_VALUE), "ü\ud83d\ude00", List.of()));

    private List<NodeReport> reports() throws SQLException {
        try (Connection connection = database.open()) {
            return StatusTable.all(connection);
        }
    }

    private NodeReport awaitReport(Predicate<NodeReport> wanted) {
        return Await.until(LockStepTask.PATIENCE, () -> {
            List<NodeReport> all = reports();
            return all.stream()
                    .filter(wanted)
                    .findFirst()
                    .<Await.Seen<NodeReport>>map(Await.Seen.Ready::new)
                    .orElseGet(() -> new Await.Seen.NotYet<>(all.toString()));
        });
    }

    private static boolean rests(NodeReport report, long iteration) {
        return report.status().current() instanceof Idle
                && report.status().last() instanceof Completed completed
                && completed.iteration() == iteration;
    }

    private void save(NodeLife writer, TaskStatus status) throws SQLException {
        try (Connection connection = database.open()) {
            StatusTable.save(connection, writer, status);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Nested
    class A_report {

        /** Mutants: not written at the beginning; not written at the end. */
        @Test
        void is_written_when_an_activation_begins_and_when_it_ends() throws InterruptedException, SQLException {
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            NodeReport first = reports().getFirst();
            assertThat(first.writer()).isEqualTo(life);
            assertThat(first.status()).isEqualTo(status(task));
            assertThat(first.status().current()).isEqualTo(new Running(time.now(), Reason.TIMER, 1));
            assertThat(first.status().last()).isEqualTo(new NeverCompleted());

            time.pass(Duration.ofSeconds(2).plusNanos(1_999));
            task.end(() -> Result.success("looked at nine", DETAILS));
            NodeReport rested = awaitReport(report -> rests(report, 1));
            assertThat(rested.status()).isEqualTo(status(task));
            assertThat(rested.status().last())
                    .isEqualTo(new Completed(
                            1,
                            running(first).since(),
                            Reason.TIMER,
                            Duration.ofNanos(2_000_001_000),
                            Outcome.SUCCESS,
                            "looked at nine",
                            3,
                            DETAILS));

            activator.activate();
            task.awaitBeginning();
            assertThat(reports().getFirst().status()).isEqualTo(status(task));
            assertThat(running(reports().getFirst()).reason()).isEqualTo(Reason.SIGNAL);
            task.end(() -> {
                throw new IllegalStateException("half done");
            });
            assertThat(awaitReport(report -> rests(report, 2)).status()).isEqualTo(status(task));
        }

        private Running running(NodeReport report) {
            assertThat(report.status().current()).isInstanceOf(Running.class);
            return (Running) report.status().current();
        }

        @Test
        void says_when_its_details_were_too_long_to_keep() throws InterruptedException {
            start(Wiring.of(task, activator));
            task.awaitBeginning();
            task.end(() -> Result.success("much", Map.of("much", "x".repeat(Details.JSON_CHARACTERS))));
            Completed kept =
                    (Completed) awaitReport(report -> rests(report, 1)).status().last();
            assertThat(kept.summary()).isEqualTo("much");
            assertThat(kept.schema()).isEqualTo(3);
            assertThat(kept.details()).containsOnlyKeys("left_out_characters");
        }

        @Test
        void of_another_version_can_be_read() throws SQLException {
            save(life, TaskStatus.before("look", LockStepTask.PERIOD));
            execute("""
                    update job_status
                    set running_iteration = 7,
                      running_since = now(),
                      running_reason = 'premonition',
                      last_iteration = 6,
                      last_started_at = now(),
                      last_reason = 'hearsay',
                      last_elapsed = '1 s',
                      last_outcome = 'mixed',
                      details = '{"schema": 4, "share": 0.5, "none": null, "large": 123456789012345678901}'
                    """);
            TaskStatus read = reports().getFirst().status();
            assertThat(read.current()).matches(current -> ((Running) current).reason() == Reason.UNKNOWN);
            assertThat(read.last()).matches(last -> ((Completed) last).outcome() == Outcome.UNKNOWN);
            assertThat(((Completed) read.last()).details())
                    .isEqualTo(Map.of("share", "0.5", "none", "null", "large", "123456789012345678901"));
        }
    }

    @Nested
    class The_last_report_of_a_process_that_died {

        @Test
        void stays_readable_with_what_is_known_of_its_node() throws InterruptedException, SQLException {
            NodeLife dead = new NodeLife("n2", 7);
            register(dead);
            Running running = new Running(time.now(), Reason.TIMER, 12);
            save(dead, new TaskStatus("look", LockStepTask.PERIOD, running, new NeverCompleted()));
            startAndRest();
            awaitReport(report -> rests(report, 1));
            assertThat(reports()).extracting(NodeReport::writer).containsExactly(life, dead);
            assertThat(reports()).noneMatch(report -> report.processGone(SILENCE));

            execute("""
                    update ledger_node
                    set seen_at = clock_timestamp() - interval '41 seconds'
                    where node_id = 'n2'
                    """);
            NodeReport last = reports().getLast();
            assertThat(last.status().current()).isEqualTo(running);
            assertThat(last.nodeState()).isEqualTo("active");
            assertThat(last.unseen()).isGreaterThanOrEqualTo(Duration.ofSeconds(41));
            assertThat(last.processGone(SILENCE)).isTrue();
            assertThat(reports().getFirst().processGone(SILENCE)).isFalse();
            try (Connection connection = database.open()) {
                assertThat(StatusTable.of(connection, "look")).hasSize(2);
                assertThat(StatusTable.of(connection, "sing")).isEmpty();
            }
        }

        /** Mutant: reports compared by the time of writing alone. */
        @Test
        void is_told_from_one_of_its_younger_self_and_never_replaces_it() throws SQLException {
            save(life, TaskStatus.before("look", LockStepTask.PERIOD));
            NodeLife younger = new NodeLife("n1", 2);
            register(younger);
            assertThat(reports().getFirst().processGone(SILENCE)).isTrue();
            save(younger, TaskStatus.before("look", LockStepTask.PERIOD));
            assertThat(reports().getFirst().processGone(SILENCE)).isFalse();
            save(life, TaskStatus.before("look", LockStepTask.PERIOD.multipliedBy(2)));
            assertThat(reports().getFirst().status().period()).isEqualTo(LockStepTask.PERIOD);
            assertThat(reports()).extracting(NodeReport::writer).containsExactly(younger);
        }
    }

    @Nested
    class A_report_that_cannot_be_kept {

        /** Mutants: its fault ends the task; it is logged every time. */
        @Test
        void is_told_once_a_stretch_and_holds_up_nothing() throws InterruptedException {
            Logger log = (Logger) LoggerFactory.getLogger(StatusWriter.class);
            ListAppender<ILoggingEvent> said = new ListAppender<>();
            said.start();
            log.setLevel(Level.INFO);
            log.addAppender(said);
            try {
                life = new NodeLife("nobody", 1);
                startAndRest();
                rest(2);
                life = new NodeLife("n1", 1);
                rest(3);
                awaitReport(report -> rests(report, 3));
                life = new NodeLife("nobody", 1);
                rest(4);
                assertThat(driver.totals()).isEqualTo(Map.of("look", new Totals(4, 4, 0)));
            } finally {
                driver.close();
                log.detachAppender(said);
                log.setLevel(null);
            }
            assertThat(said.list)
                    .extracting(each -> each.getLevel().toString())
                    .containsExactly("WARN", "INFO", "WARN");
        }

        private void rest(long iteration) throws InterruptedException {
            activator.activate();
            task.awaitBeginning();
            task.end();
            awaitCompleted(task, iteration);
        }
    }
}
