package org.usageledger.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.jobs.JobNode;
import org.usageledger.postgres.testing.Await;
import org.usageledger.tasks.Totals;

/** Mutant: what operators do on the connections that the service lives on. */
class StartsThatHangTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** More than the service has connections. */
    private static final int STARTS = 60;

    private static final String FUNCTION = """
            create function hang() returns trigger
            language plpgsql
            as $$
            begin
              perform pg_advisory_xact_lock_shared(4711);
              return new;
            end
            $$
            """;

    private static final String TRIGGER = """
            create trigger hang
            before insert on job_execution
            for each row
            execute function hang()
            """;

    @Test
    void keep_the_node_from_nothing_and_are_all_done_in_the_end() throws Exception {
        try (LiveService ledger = LiveService.start();
                Connection holder = ledger.database().open();
                Statement statement = holder.createStatement();
                ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
            statement.execute(FUNCTION);
            statement.execute(TRIGGER);
            statement.execute("select pg_advisory_lock(4711)");
            List<Future<Answer>> started = new ArrayList<>();
            for (int i = 0; i < STARTS; i++) {
                started.add(starters.submit(() -> ledger.post(
                        "/v1/jobs/demo/executions", "application/json", bytes("{\"steps\":1,\"pause_ms\":0}"))));
            }
            Await.untilTrue(DEADLINE, () -> "nobody waits for a connection", () -> someoneWaits(ledger));

            twoPasses(ledger.context().getBean(JobNode.class));

            statement.execute("select pg_advisory_unlock(4711)");
            for (Future<Answer> one : started) {
                Answer answer = one.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
                assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
            }
        }
    }

    /** Whichever connections they use: all of them are in use then. */
    private static boolean someoneWaits(LiveService ledger) {
        return ledger.get("/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith("ledger_database_connections_waiting{"))
                .anyMatch(line -> !line.endsWith(" 0.0"));
    }

    /** Begun and well ended from now on. */
    private static void twoPasses(JobNode node) {
        Totals before = totals(node);
        node.wake();
        Await.untilTrue(DEADLINE, () -> totals(node).toString(), () -> {
            if (totals(node).completions() == totals(node).activations()) {
                node.wake();
            }
            return totals(node).completions() >= before.completions() + 2;
        });
        assertThat(totals(node).failures()).isEqualTo(before.failures());
    }

    private static Totals totals(JobNode node) {
        return node.tasks().orElseThrow().totals().getOrDefault(JobNode.RECOVERY, new Totals(0, 0, 0));
    }
}
