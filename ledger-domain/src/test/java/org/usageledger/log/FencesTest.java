package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** Requests of background executions, whose claim is checked in the transaction that appends. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class FencesTest {
    private final Claim claim = new Claim();
    private TestLog log;

    @BeforeEach
    void open(TestDatabase database) {
        log = new TestLog(database);
    }

    @AfterEach
    void close() {
        log.close();
    }

    /** A claim that stands as the test says. */
    private static final class Claim implements Fence {
        private volatile Standing standing = Standing.HELD;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger steps = new AtomicInteger();

        @Override
        public Standing enter(Connection transaction) {
            asked.incrementAndGet();
            return standing;
        }

        @Override
        public void recordStep(Connection transaction) {
            steps.incrementAndGet();
        }
    }

    private CompletableFuture<AppendResult> fenced(UsageEvent event) {
        return log.appender.append(new AppendRequest(
                List.of(TestLog.encode(event)),
                AppendRequest.OnConflict.REFUSE_REQUEST,
                List.of(),
                Optional.of(claim)));
    }

    private static AppendResult answer(CompletableFuture<AppendResult> future) throws Exception {
        return future.get(TestLog.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void an_execution_that_holds_its_claim_appends_and_records_its_step() throws Exception {
        assertThat(TestLog.outcomes(answer(fenced(Events.process("p1", "STARTED")))))
                .containsExactly(new Outcome.Recorded(1));
        assertThat(claim.steps).hasValue(1);
    }

    @Test
    void one_that_lost_it_appends_nothing_and_records_no_step() throws Exception {
        claim.standing = Fence.Standing.FENCED;
        UsageEvent event = Events.process("p1", "STARTED");
        assertThat(answer(fenced(event))).isEqualTo(new AppendResult.Fenced());
        assertThat(claim.steps).hasValue(0);
        assertThat(log.outcomes(event)).containsExactly(new Outcome.Recorded(1));
    }

    @Test
    void one_whose_claim_is_looked_at_by_another_waits_while_others_go_on() throws Exception {
        claim.standing = Fence.Standing.BUSY;
        CompletableFuture<AppendResult> waiting = fenced(Events.process("p1", "STARTED"));
        Await.untilTrue(TestLog.PATIENCE, () -> "asked " + claim.asked, () -> claim.asked.get() > 2);
        assertThat(log.outcomes(Events.process("p2", "STARTED"))).containsExactly(new Outcome.Recorded(1));
        assertThat(waiting).isNotDone();
        claim.standing = Fence.Standing.HELD;
        assertThat(TestLog.outcomes(answer(waiting))).containsExactly(new Outcome.Recorded(2));
        assertThat(claim.steps).hasValue(1);
    }

    @Test
    void a_refused_request_records_no_step() throws Exception {
        log.append(Events.process("e1", "p1", "STARTED", 512));
        assertThat(answer(fenced(Events.process("e1", "p1", "STARTED", 1024))))
                .isInstanceOf(AppendResult.Refused.class);
        assertThat(claim.steps).hasValue(0);
    }
}
