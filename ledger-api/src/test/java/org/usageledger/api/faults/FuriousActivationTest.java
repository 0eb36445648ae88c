package org.usageledger.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;
import org.usageledger.jobs.JobNode;
import org.usageledger.jobs.JobTimes;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.tasks.Totals;

/**
 * Recovery is asked for again and again while executions are started and end: it takes nothing up that is carried out already, and forgets
 * nothing that has ended. 8 seconds of it, or a minute with {@code -Dledger.soak=true}.
 */
class FuriousActivationTest {
    private static final Duration FURY = Duration.ofSeconds(Boolean.getBoolean("ledger.soak") ? 60 : 8);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CLIENTS = 16;
    private static final int ACTIVATORS = 2;

    /** Places for all clients, and for as many whose execution is at rest while its thread has not ended yet. */
    private static final JobTimes TIMES = JobTimes.USUAL.with(2 * CLIENTS);

    private static final List<String> NOTHING_OF = List.of(
            "recovered",
            "taken_over",
            "started",
            "fenced",
            "create_failed",
            "create_in_doubt",
            "attempt_failures",
            "abandoned",
            "listing_failures");

    private static final String SLOW = """
            create function slow() returns trigger
            language plpgsql
            as $$
            begin
              perform pg_sleep(0.3);
              return new;
            end
            $$
            """;

    private static final String EACH_EXECUTION = """
            create trigger slow
            before insert on job_execution
            for each row
            execute function slow()
            """;

    @Test
    void looking_for_work_without_a_pause_takes_up_nothing_that_is_carried_out() throws Exception {
        try (LiveService ledger = LiveService.start(settings -> settings.with(TIMES))) {
            furious("furious activation", ledger);
        }
    }

    /** An execution is known here for 300 ms before it can be listed. */
    @Test
    void nor_while_the_rows_of_what_is_started_come_late() throws Exception {
        try (LiveService ledger = LiveService.start(settings -> settings.with(TIMES))) {
            slowDown(ledger.database());
            furious("furious activation, rows late", ledger);
        }
    }

    private static void slowDown(TestDatabase database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(SLOW);
            statement.execute(EACH_EXECUTION);
        }
    }

    private static void furious(String name, LiveService ledger) throws Exception {
        long seed = Long.getLong("ledger.seed", System.nanoTime());
        System.out.println(name + ": " + FURY.toSeconds() + " s, seed " + seed);
        PassHistory history = PassHistory.of(ledger.database());
        JobNode node = ledger.context().getBean(JobNode.class);
        URI service = ledger.uri("/");
        long begun = System.nanoTime();
        try (Starters starters = new Starters(
                        ledger.database(),
                        "client-",
                        seed,
                        CLIENTS,
                        (dice, before) -> Starters.Wish.demo(1 + dice.nextInt(3), 0));
                Activators activators = new Activators(service);
                Operator operator = new Operator(service)) {
            starters.sendTo(List.of(service));
            Await.untilTrue(
                    FURY.plus(PATIENCE),
                    () -> starters.count() + " started",
                    () -> System.nanoTime() - begun >= FURY.toNanos());
            starters.finish();
            int asked = activators.finish();
            verify(name, starters, operator, node, history);
            // Beside those: the first, those that a thread's end asks for, those by the clock, and three at the end.
            Duration period = node.tasks()
                    .orElseThrow()
                    .status(JobNode.RECOVERY)
                    .orElseThrow()
                    .period();
            long clock = (System.nanoTime() - begun) / period.toNanos() + 2;
            assertThat(totals(node).completions()).isBetween(4L, asked + starters.count() + clock + 4);
        }
    }

    private static void verify(String name, Starters starters, Operator operator, JobNode node, PassHistory history)
            throws SQLException {
        long rows = starters.count();
        Await.untilTrue(
                PATIENCE,
                () -> "of " + rows + " ends are heard " + node.report().counts(),
                () -> Operator.sinceStart(operator.report(), "observed_ended") >= rows);
        JsonNode report = operator.reportAfterTwoPasses();
        System.out.println(name + ": " + rows + " executions, " + totals(node).completions() + " passes, "
                + skipped(history) + " times one was found that is carried out here");
        verifyExecutions(starters);
        verifyCounts(report, rows);
        verifyPasses(history, totals(node));
    }

    private static void verifyExecutions(Starters starters) throws SQLException {
        ExecutionBooks books = starters.books();
        Map<String, UUID> acknowledged = starters.acknowledged();
        Map<String, ExecutionBooks.Row> rows = books.rows();
        assertThat(starters.unexpected()).isEmpty();
        assertThat(starters.refused()).isEmpty();
        assertThat(rows).hasSameSizeAs(acknowledged);
        assertThat(rows.keySet()).isEqualTo(starters.attempted());
        rows.forEach((key, row) -> assertThat(row)
                .returns(acknowledged.get(key), ExecutionBooks.Row::execution)
                .returns(1L, ExecutionBooks.Row::claims));
        assertThat(books.problems()).isEmpty();
    }

    private static void verifyCounts(JsonNode report, long rows) {
        assertThat(Operator.sinceStart(report, "observed_started"))
                .as("started")
                .isEqualTo(rows);
        assertThat(Operator.sinceStart(report, "observed_ended")).as("ended").isEqualTo(rows);
        // A thread that has ended and is held up before it says so may be overtaken by two passes.
        assertThat(Operator.sinceStart(report, "forgotten") + Operator.sinceStart(report, "inferred_done"))
                .as("forgotten")
                .isEqualTo(rows);
        assertThat(Operator.local(report)).as("local: %s", report).isZero();
        assertThat(NOTHING_OF)
                .allSatisfy(count ->
                        assertThat(Operator.sinceStart(report, count)).as(count).isZero());
        assertThat(PassHistory.MUST_BE_ZERO)
                .allSatisfy(count ->
                        assertThat(Operator.sinceStart(report, count)).as(count).isZero());
    }

    private static void verifyPasses(PassHistory history, Totals totals) throws SQLException {
        assertThat(history.problems()).isEmpty();
        assertThat(totals.failures()).isZero();
        assertThat(totals.completions()).isEqualTo(totals.activations());
        List<PassHistory.Pass> kept = history.passes();
        assertThat(kept.getLast().iteration() - kept.getFirst().iteration() + 1)
                .as("each pass once")
                .isEqualTo(kept.size());
        assertThat(skipped(history)).as("how often the race was run").isPositive();
        assertThat(kept).allSatisfy(pass -> assertThat(pass.count("found")).isEqualTo(pass.count("skipped")));
    }

    private static long skipped(PassHistory history) throws SQLException {
        return history.passes().stream()
                .mapToLong(pass -> pass.count("skipped"))
                .sum();
    }

    /** At a moment at which no pass is under way. */
    private static Totals totals(JobNode node) {
        return Await.until(PATIENCE, () -> {
            Totals totals = node.tasks().orElseThrow().totals().get(JobNode.RECOVERY);
            return totals != null && totals.activations() == totals.completions()
                    ? new Await.Seen.Ready<>(totals)
                    : new Await.Seen.NotYet<>(String.valueOf(totals));
        });
    }

    /** Clients that ask for a pass as soon as the last one they asked for is promised. */
    private static final class Activators implements AutoCloseable {
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Thread> threads = new ArrayList<>();

        Activators(URI service) {
            for (int i = 0; i < ACTIVATORS; i++) {
                threads.add(Thread.ofVirtual().name("activator-" + i).start(() -> activate(service)));
            }
        }

        private void activate(URI service) {
            try (Operator operator = new Operator(service)) {
                while (!stopping.get()) {
                    operator.activate();
                    asked.incrementAndGet();
                }
            }
        }

        int finish() throws InterruptedException {
            stopping.set(true);
            for (Thread thread : threads) {
                assertThat(thread.join(PATIENCE)).as(thread.getName()).isTrue();
            }
            return asked.get();
        }

        @Override
        public void close() {
            stopping.set(true);
        }
    }
}
