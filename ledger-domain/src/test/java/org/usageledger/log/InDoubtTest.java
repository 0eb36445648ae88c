package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** The connection breaks while a transaction commits: the appender finds out what became of it before it answers. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class InDoubtTest {
    private static final AppenderLimits LIMITS = AppenderLimits.DEFAULT;

    private final CountDownLatch gathered = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final AtomicInteger commits = new AtomicInteger();
    private CuttingProxy proxy;
    private TestLog direct;
    private TestLog cut;
    private volatile int cutAtCommit = 1;
    private volatile CuttingProxy.Cut what = CuttingProxy.Cut.NOTHING;
    private volatile Runnable whileInDoubt = () -> {};

    @BeforeEach
    void open(TestDatabase database) {
        direct = new TestLog(database);
        proxy = new CuttingProxy(database.address());
        cut = new TestLog(
                database,
                LIMITS,
                () ->
                        new AppendSession(
                                AppendSession.connect(proxy.address().dataSource(), LIMITS), Judge::inQueueOrder) {
                            @Override
                            HeadRow lockHead() throws SQLException {
                                reached.countDown();
                                await(gathered);
                                return super.lockHead();
                            }

                            @Override
                            boolean commit() throws SQLException {
                                boolean now = commits.incrementAndGet() == cutAtCommit;
                                if (now) {
                                    proxy.arm(what);
                                }
                                try {
                                    return super.commit();
                                } finally {
                                    if (now) {
                                        whileInDoubt.run();
                                    }
                                }
                            }
                        });
    }

    @AfterEach
    void close() {
        gathered.countDown();
        cut.close();
        direct.close();
        proxy.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static AppendResult answer(CompletableFuture<AppendResult> future) throws Exception {
        return future.get(TestLog.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void one_cut_is_found_out_and_answered_with_the_truth(CuttingProxy.Cut lost) {
        what = lost;
        gathered.countDown();
        UsageEvent event = Events.process("p1", "STARTED");
        assertThat(cut.outcomes(event)).containsExactly(new Outcome.Recorded(1));
        assertThat(cut.appender.status().inDoubt()).isEqualTo(lost == CuttingProxy.Cut.NOTHING ? 0 : 1);
        assertThat(direct.outcomes(event)).containsExactly(new Outcome.Duplicate(1));
        assertThat(direct.everything()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_suppressed_stop_is_found_out_as_well(CuttingProxy.Cut lost) {
        what = lost;
        gathered.countDown();
        UsageEvent stop = Events.task("t1", "TASK_STOPPED");
        Outcome aside = new Outcome.Suppressed(SuppressionReason.NO_START_ON_RECORD);
        assertThat(cut.outcomes(stop)).containsExactly(aside);
        assertThat(direct.outcomes(stop)).containsExactly(aside);
        assertThat(direct.outcomes(Events.task("t1", "TASK_STARTED"))).containsExactly(new Outcome.Recorded(1));
        assertThat(direct.everything()).hasSize(2);
    }

    @Test
    void a_cut_while_finding_out_is_found_out_again() {
        what = CuttingProxy.Cut.NEXT_ANSWER;
        whileInDoubt = () -> {
            // Once more, at the commit of the transaction that asks.
            cutAtCommit = 2;
            whileInDoubt = () -> {};
        };
        gathered.countDown();
        UsageEvent event = Events.process("p1", "STARTED");
        assertThat(cut.outcomes(event)).containsExactly(new Outcome.Recorded(1));
        assertThat(commits.get()).isGreaterThan(2);
        assertThat(direct.everything()).hasSize(1);
    }

    @Test
    void another_node_that_records_the_first_event_meanwhile_is_not_taken_for_the_lost_transaction() throws Exception {
        UsageEvent shared = Events.process("p1", "STARTED");
        UsageEvent own = Events.process("p2", "STARTED");
        UsageEvent others = Events.process("p3", "STARTED");
        // The first transaction only holds the appender until both requests have gathered.
        cutAtCommit = 2;
        what = CuttingProxy.Cut.NEXT_REQUEST;
        whileInDoubt = () -> {
            // As soon as the server has noticed the cut, the shared event gets the position that it had in the lost
            // transaction.
            assertThat(direct.outcomes(shared, others))
                    .containsExactly(new Outcome.Recorded(2), new Outcome.Recorded(3));
        };
        var first = cut.appender.append(TestLog.request(Events.process("p0", "STARTED")));
        await(reached);
        var sharedAnswer = cut.appender.append(TestLog.request(shared));
        var ownAnswer = cut.appender.append(TestLog.request(own));
        gathered.countDown();
        assertThat(TestLog.outcomes(answer(first))).containsExactly(new Outcome.Recorded(1));
        assertThat(TestLog.outcomes(answer(sharedAnswer))).containsExactly(new Outcome.Duplicate(2));
        assertThat(TestLog.outcomes(answer(ownAnswer))).containsExactly(new Outcome.Recorded(4));
        assertThat(direct.everything()).extracting(LoggedEvent::body).contains(own.body());
    }

    @Test
    void the_whole_group_gets_its_answers_and_a_refused_request_stays_refused() throws Exception {
        cutAtCommit = 2;
        what = CuttingProxy.Cut.NEXT_ANSWER;
        var first = cut.appender.append(TestLog.request(Events.process("e1", "p1", "STARTED", 512)));
        await(reached);
        var refused = cut.appender.append(TestLog.request(Events.process("e1", "p1", "STARTED", 1024)));
        var recorded =
                cut.appender.append(TestLog.request(Events.process("p2", "STARTED"), Events.task("t", "TASK_STOPPED")));
        gathered.countDown();
        assertThat(answer(first)).isInstanceOf(AppendResult.Done.class);
        assertThat(answer(refused)).isEqualTo(new AppendResult.Refused(List.of(new Outcome.Conflict(1))));
        assertThat(Set.copyOf(TestLog.outcomes(answer(recorded))))
                .containsExactlyInAnyOrder(
                        new Outcome.Recorded(2), new Outcome.Suppressed(SuppressionReason.NO_START_ON_RECORD));
    }
}
