package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** Many requests in one transaction: each gets its own answer, whatever happens to the others. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class GroupCommitTest {
    /** What a text of the database cannot hold. */
    private static final String WITH_NUL = "p\0";

    private TestDatabase database;
    private LogTables tables;
    private CompletableFuture<AppendResult> occupying = new CompletableFuture<>();
    private final Gate gate = new Gate();

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        tables = new LogTables(fresh);
    }

    @AfterEach
    void openGate() {
        gate.open.countDown();
    }

    /** Holds the first transaction back until what the test wants in the second one has gathered. */
    private static final class Gate {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);

        void pass() {
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private TestLog gated(AppenderLimits limits) {
        return new TestLog(
                database,
                limits,
                () -> new AppendSession(AppendSession.connect(database.dataSource(), limits), Judge::inQueueOrder) {
                    @Override
                    Written write(List<AppendRequest> requests) throws SQLException {
                        gate.pass();
                        return super.write(requests);
                    }
                });
    }

    private static AppenderLimits limits(int queuedEvents, Duration deadline) {
        return new AppenderLimits(queuedEvents, 128L << 20, 5_000, 16L << 20, deadline, Duration.ofSeconds(3));
    }

    /** The first request, which keeps the appender at the gate. */
    private void occupy(TestLog log) throws InterruptedException {
        occupying = log.appender.append(TestLog.request(Events.process("p0", "STARTED")));
        gate.reached.await();
    }

    private static AppendResult answer(CompletableFuture<AppendResult> future) throws Exception {
        return future.get(TestLog.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void of_many_requests_in_one_transaction_only_the_one_the_database_refuses_fails() throws Exception {
        try (TestLog log = gated(AppenderLimits.DEFAULT)) {
            occupy(log);
            List<CompletableFuture<AppendResult>> good = new ArrayList<>();
            CompletableFuture<AppendResult> bad = new CompletableFuture<>();
            for (int i = 0; i < 40; i++) {
                good.add(log.appender.append(TestLog.request(Events.process("p" + i, "STARTED"))));
                if (i == 27) {
                    bad = log.appender.append(TestLog.request(
                            Events.process("fine", "STARTED"),
                            Events.withProcess(Events.process("nul", "STOPPED"), WITH_NUL)));
                }
            }
            gate.open.countDown();
            for (CompletableFuture<AppendResult> answer : good) {
                assertThat(answer(answer)).isInstanceOf(AppendResult.Done.class);
            }
            assertThat(answer(bad))
                    .isInstanceOfSatisfying(
                            AppendResult.Failed.class,
                            failed -> assertThat(failed.retryable()).isFalse());
            assertThat(log.everything()).extracting(LoggedEvent::position).containsExactlyElementsOf(upTo(41));
        }
    }

    @Test
    void a_request_whose_fence_breaks_fails_alone_and_may_be_tried_again() throws Exception {
        Fence broken = new BrokenFence();
        try (TestLog log = gated(AppenderLimits.DEFAULT)) {
            occupy(log);
            var before = log.appender.append(TestLog.request(Events.process("p1", "STARTED")));
            var fenced = log.appender.append(new AppendRequest(
                    List.of(TestLog.encode(Events.process("p2", "STARTED"))),
                    AppendRequest.OnConflict.REFUSE_REQUEST,
                    List.of(),
                    Optional.of(broken)));
            var after = log.appender.append(TestLog.request(Events.process("p3", "STARTED")));
            gate.open.countDown();
            assertThat(answer(before)).isInstanceOf(AppendResult.Done.class);
            assertThat(answer(after)).isInstanceOf(AppendResult.Done.class);
            assertThat(answer(fenced))
                    .isInstanceOfSatisfying(
                            AppendResult.Failed.class,
                            failed -> assertThat(failed.retryable()).isTrue());
        }
    }

    private static final class BrokenFence implements Fence {
        @Override
        public Standing enter(Connection transaction) {
            throw new IllegalStateException("a fence that breaks");
        }

        @Override
        public void recordStep(Connection transaction) {}
    }

    @Test
    void transactions_cross_partitions_and_the_chain_can_be_computed_anew() {
        tables.partitionsOf(700);
        try (TestLog log = new TestLog(database)) {
            for (int batch : new int[] {1, 699, 1, 1_400, 347, 1, 600}) {
                log.append(IntStream.range(0, batch)
                        .mapToObj(i -> Events.process("p" + i, "STARTED"))
                        .toArray(UsageEvent[]::new));
            }
            assertThat(log.everything()).extracting(LoggedEvent::position).containsExactlyElementsOf(upTo(3_049));
            assertThat(tables.partitions()).isBetween(5L, 7L);
            assertThat(tables.rowsAttachedWithTheirPartition())
                    .as("a reader may see a commit an instant before it learns of a partition that came with it")
                    .isZero();
            assertThat(tables.computedChain()).hasSize(3).isEqualTo(tables.storedChain());
        }
    }

    @Test
    void a_full_queue_takes_nothing_of_a_request_and_says_so() throws Exception {
        try (TestLog log = gated(limits(3, Duration.ofSeconds(20)))) {
            occupy(log);
            var waiting = log.appender.append(
                    TestLog.request(Events.process("p1", "STARTED"), Events.process("p2", "STARTED")));
            var tooMany = log.appender.append(
                    TestLog.request(Events.process("p3", "STARTED"), Events.process("p4", "STARTED")));
            assertThat(answer(tooMany)).isInstanceOf(AppendResult.Overloaded.class);
            var fits = log.appender.append(TestLog.request(Events.process("p5", "STARTED")));
            gate.open.countDown();
            assertThat(TestLog.outcomes(answer(waiting))).hasSize(2);
            assertThat(TestLog.outcomes(answer(fits))).containsExactly(new Outcome.Recorded(4));
            assertThat(log.everything()).hasSize(4);
        }
    }

    @Test
    void a_request_larger_than_the_queue_goes_through_when_nobody_else_waits() {
        try (TestLog log = new TestLog(database, limits(3, Duration.ofSeconds(20)))) {
            UsageEvent[] events = IntStream.range(0, 50)
                    .mapToObj(i -> Events.process("p" + i, "STARTED"))
                    .toArray(UsageEvent[]::new);
            assertThat(log.outcomes(events)).hasSize(50);
        }
    }

    @Test
    void a_request_whose_time_is_up_is_not_begun_any_more() throws Exception {
        Duration deadline = Duration.ofSeconds(2);
        try (TestLog log = gated(limits(100, deadline))) {
            occupy(log);
            long asked = System.nanoTime();
            var late = log.appender.append(TestLog.request(Events.process("p1", "STARTED")));
            Await.untilTrue(
                    TestLog.PATIENCE,
                    () -> "the request still has time",
                    () -> System.nanoTime() - asked > deadline.toNanos());
            gate.open.countDown();
            assertThat(answer(late)).isInstanceOf(AppendResult.Overloaded.class);
            assertThat(log.everything()).hasSize(1);
        }
    }

    @Test
    void whoever_waits_for_an_appender_that_hangs_is_told_that_the_outcome_is_unknown() throws Exception {
        try (TestLog log = gated(limits(100, Duration.ofMillis(100)))) {
            occupy(log);
            assertThat(answer(occupying)).isInstanceOf(AppendResult.Unknown.class);
            gate.open.countDown();
        }
    }

    @Test
    void closing_carries_out_what_waits_and_takes_no_more() throws Exception {
        TestLog log = gated(AppenderLimits.DEFAULT);
        occupy(log);
        var waiting = log.appender.append(TestLog.request(Events.process("p1", "STARTED")));
        gate.open.countDown();
        log.close();
        assertThat(answer(waiting)).isInstanceOf(AppendResult.Done.class);
        assertThat(log.append(Events.process("p2", "STARTED"))).isInstanceOf(AppendResult.Overloaded.class);
        Await.untilTrue(TestLog.PATIENCE, () -> "a session is left", () -> tables.appenderSessions() == 0);
    }

    @Test
    void a_listener_that_breaks_costs_nobody_an_answer() throws Exception {
        try (TestLog log = new TestLog(database);
                AutoCloseable silence = log.watch.onAdvance(() -> {
                    throw new IllegalStateException("a bell that breaks");
                })) {
            assertThat(silence).isNotNull();
            assertThat(log.outcomes(Events.process("p1", "STARTED"))).containsExactly(new Outcome.Recorded(1));
            assertThat(log.outcomes(Events.process("p1", "STOPPED"))).containsExactly(new Outcome.Recorded(2));
        }
    }

    @Test
    void a_session_that_an_operator_ends_is_replaced() {
        try (TestLog log = new TestLog(database)) {
            log.append(Events.process("p1", "STARTED"));
            assertThat(tables.terminateAppenders()).isEqualTo(1);
            assertThat(log.outcomes(Events.process("p2", "WAS_RUNNING"))).containsExactly(new Outcome.Recorded(2));
        }
    }

    private static List<Long> upTo(long head) {
        return LongStream.rangeClosed(1, head).boxed().toList();
    }
}
