package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usageledger.event.Events;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.ServerVersion;
import org.usageledger.postgres.testing.Signals;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

/** A node is stopped in its tracks while it holds the counter: the others go on, and woken it changes nothing. */
class FrozenHolderTest {
    private static final AppenderLimits LIMITS =
            new AppenderLimits(10_000, 64L << 20, 5_000, 16L << 20, Duration.ofSeconds(8), Duration.ofMillis(700));

    /** The node in its own process. */
    private record Holder(Process process, BufferedReader says, PrintStream tell) implements AutoCloseable {
        static Holder standing(TestDatabase database, HolderMain.Place place) throws IOException {
            String java = ProcessHandle.current().info().command().orElseThrow();
            ProcessBuilder builder = new ProcessBuilder(
                    java, "-Xmx128m", "-Duser.timezone=UTC", HolderMain.class.getName(), place.name());
            builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            Holder holder = new Holder(
                    process,
                    process.inputReader(StandardCharsets.UTF_8),
                    new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8));
            holder.tell.println(database.address().url());
            holder.tell.println(database.address().user());
            holder.tell.println(database.address().password());
            assertThat(holder.hears()).isEqualTo(HolderMain.STANDING);
            return holder;
        }

        /** The next line that is not a line of its log. */
        String hears() throws IOException {
            String line = says.readLine();
            while (line != null && line.contains(" - ")) {
                line = says.readLine();
            }
            return String.valueOf(line);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NEWEST, BETWEEN_STATEMENTS",
        "NEWEST, INSIDE_COPY",
        "OLDEST, BETWEEN_STATEMENTS",
        "OLDEST, INSIDE_COPY",
        "NEWEST, INSIDE_AN_ANSWER",
        "OLDEST, INSIDE_AN_ANSWER"
    })
    void others_go_on_while_it_is_frozen_and_woken_it_changes_nothing(ServerVersion version, HolderMain.Place place)
            throws Exception {
        try (TestDatabase database = TestPostgres.server(version).newDatabase();
                TestLog log = new TestLog(database, LIMITS);
                Holder holder = Holder.standing(database, place)) {
            long frozenAt = System.nanoTime();
            try (Signals.Frozen frozen = Signals.freeze(holder.process().pid())) {
                assertThat(frozen.pid()).isEqualTo(holder.process().pid());
                // In the other places a timeout of the server's own frees the counter as well.
                if (place == HolderMain.Place.INSIDE_COPY) {
                    assertThat(withoutGuard(database, log)).isInstanceOf(AppendResult.Failed.class);
                }
                assertThat(log.outcomes(Events.process("p1", "STARTED"))).containsExactly(new Outcome.Recorded(1));
                Await.untilTrue(
                        TestLog.PATIENCE,
                        () -> "the frozen request still has time",
                        () -> System.nanoTime() - frozenAt > HolderMain.DEADLINE.toNanos());
            }
            holder.tell().println("go on");
            assertThat(holder.hears()).isIn("Failed", "Unknown");
            assertThat(holder.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(log.outcomes(Events.process("p1", "STOPPED"))).containsExactly(new Outcome.Recorded(2));
            assertThat(log.everything()).hasSize(2);
        }
    }

    /** What a node answers whose guard finds no transaction old enough: the frozen one would hold up everybody for ever. */
    private static AppendResult withoutGuard(TestDatabase database, TestLog log) throws Exception {
        HeldHeadGuard removed = new HeldHeadGuard(database.dataSource(), Duration.ofDays(1));
        Pending pending = new Pending(
                TestLog.request(Events.process("held up", "STARTED")),
                new CompletableFuture<>(),
                System.nanoTime() + Duration.ofSeconds(3).toNanos(),
                AppendObserver.Carried.NOTHING);
        try (GroupCommit unguarded = new GroupCommit(
                () -> AppendSession.open(database.dataSource(), LIMITS, ""),
                removed,
                log.watch,
                new AppendQueue(LIMITS),
                AppendObserver.NONE)) {
            unguarded.carryOut(List.of(pending));
        }
        return pending.answer().get(1, TimeUnit.SECONDS);
    }
}
