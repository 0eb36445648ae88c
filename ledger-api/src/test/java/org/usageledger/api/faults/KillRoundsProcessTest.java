package org.usageledger.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.ScratchFolder;

/**
 * Kills under load, round after round on the same data: with {@code -Dledger.faults=long} 20 rounds of each kind, else 3.
 */
class KillRoundsProcessTest {
    private static final int ROUNDS = "long".equals(System.getProperty("ledger.faults")) ? 20 : 3;
    private static final int ACKNOWLEDGED_EACH = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void what_was_acknowledged_survives_kill_9_of_the_service() throws IOException, InterruptedException {
        rounds("service", (service, data) -> service.kill9());
    }

    @Test
    void what_was_acknowledged_survives_kill_9_of_postgresql() throws IOException, InterruptedException {
        rounds("postgresql", (service, data) -> {
            long postmaster = LedgerProcess.postmaster(data).orElseThrow();
            ProcessHandle.of(postmaster).ifPresent(ProcessHandle::destroyForcibly);
        });
    }

    @FunctionalInterface
    private interface Fault {
        void strike(LedgerProcess service, Path data);
    }

    private static void rounds(String what, Fault fault) throws IOException, InterruptedException {
        long seed = Long.getLong("ledger.seed", System.nanoTime());
        System.out.println("kill rounds of " + what + ": " + ROUNDS + ", seed " + seed);
        Random random = new Random(seed);
        Path folder = Files.createDirectories(ScratchFolder.fresh("kill-" + what));
        try (FailureBundle bundle = new FailureBundle("kill-" + what, seed);
                Load load = new Load(seed, 4)) {
            Path data = folder.resolve("data");
            Path output = folder.resolve("service.log");
            bundle.include(output);
            for (int round = 1; round <= ROUNDS; round++) {
                int before = load.acknowledged();
                try (LedgerProcess service = LedgerProcess.start(data, output, Map.of())) {
                    load.sendTo(List.of(service.address()));
                    int wanted = before + ACKNOWLEDGED_EACH + random.nextInt(500);
                    Await.untilTrue(
                            PATIENCE,
                            () -> load.acknowledged() + " of " + wanted + " acknowledged",
                            () -> load.acknowledged() >= wanted);
                    bundle.note("round " + round + ": " + load.acknowledged() + " acknowledged, striking");
                    fault.strike(service, data);
                    bundle.note("round " + round + ": struck");
                    service.kill9();
                }
            }
            verify(load, data, output, bundle);
            bundle.passed();
        }
    }

    private static void verify(Load load, Path data, Path output, FailureBundle bundle)
            throws IOException, InterruptedException {
        try (LedgerProcess service = LedgerProcess.start(data, output, Map.of())) {
            load.sendTo(List.of(service.address()));
            load.finish();
            WholeFeed feed = WholeFeed.read(service.address());
            var problems = feed.problems(load.attemptedGuids(), load.acknowledgedGuids());
            bundle.note(feed.size() + " events, " + load.retries() + " retries " + load.reasons() + ", problems: "
                    + problems);
            assertThat(problems).isEmpty();
            assertThat(load.unexpected()).isEmpty();
            // Every writer got its answer in the end, so what was attempted is what is there.
            assertThat(feed.size()).isEqualTo(load.attemptedGuids().size());
            assertThat(CommandLine.run(service.address(), "check")).as("check").isZero();
            assertThat(service.stop()).as("exit code after SIGTERM").isIn(0, 143);
        }
    }
}
