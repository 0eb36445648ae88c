package org.usageledger.decision.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.decision.Answer;
import org.usageledger.decision.BulkDecision;
import org.usageledger.decision.Retries;
import org.usageledger.decision.RunCommand;
import org.usageledger.event.Events;
import org.usageledger.log.TestLog;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** How long a command is waited for. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class DecisionDeadlineTest {
    private static final Duration SOON = Duration.ofMillis(200);

    private TestLog log;

    @BeforeEach
    void open(TestDatabase database) {
        log = new TestLog(database);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private AxonDecisions decisions(EventStorageEngine storage, Retries retries, Duration deadline) {
        return new AxonDecisions(
                storage, new BulkDecision(log.resources, log.appender, DecisionsSituation.DEADLINE), retries, deadline);
    }

    private static RunCommand stop() {
        return new RunCommand.RecordTaskStop(Events.task("t1", "TASK_STOPPED"));
    }

    /** Mutant: the answer waited for without an end. */
    @Test
    void one_whose_append_never_answers_is_in_doubt() {
        Meddling silent = new Meddling(DecisionsSituation.storage(log), () -> {}) {
            @Override
            public CompletableFuture<AppendTransaction<?>> appendEvents(
                    AppendCondition condition,
                    @Nullable ProcessingContext context,
                    List<TaggedEventMessage<?>> events) {
                appends.incrementAndGet();
                return new CompletableFuture<>();
            }
        };
        try (AxonDecisions decisions = decisions(silent, DecisionsSituation.QUICK, SOON)) {
            assertThat(decisions.decide(stop(), Optional.empty())).isInstanceOf(Answer.InDoubt.class);
            assertThat(silent.appends).hasValue(1);
        }
    }

    /** Mutant: tries go on after the deadline of all of them. */
    @Test
    void one_that_is_overtaken_is_not_tried_again_when_its_time_is_over() {
        Meddling overtaking =
                new Meddling(DecisionsSituation.storage(log), () -> log.outcomes(Events.process("p1", "STARTED")));
        Retries over = new Retries(1_000, Duration.ofMillis(1), Duration.ZERO);
        try (DecisionsSituation at = new DecisionsSituation(log, overtaking, log.resources);
                AxonDecisions decisions = decisions(overtaking, over, DecisionsSituation.DEADLINE)) {
            at.record(Events.process("p1", "STARTED"));

            assertThat(decisions.decide(at.end("p1"), Optional.empty())).isInstanceOf(Answer.Overtaken.class);
            assertThat(overtaking.appends).hasValue(1);
        }
    }

    /** Mutant: whoever waits for another try is not let go. */
    @Test
    void one_that_waits_for_another_try_is_let_go_when_the_service_stops() {
        Meddling overtaking =
                new Meddling(DecisionsSituation.storage(log), () -> log.outcomes(Events.process("p1", "STARTED")));
        Retries patient = new Retries(1_000, Duration.ofHours(1), Duration.ofHours(1));
        try (DecisionsSituation at = new DecisionsSituation(log, overtaking, log.resources)) {
            at.record(Events.process("p1", "STARTED"));
            AxonDecisions decisions = decisions(overtaking, patient, DecisionsSituation.DEADLINE);
            var answer = CompletableFuture.supplyAsync(() -> decisions.decide(at.end("p1"), Optional.empty()));
            org.usageledger.postgres.testing.Await.untilTrue(
                    DecisionsSituation.DEADLINE, () -> "not tried", () -> overtaking.appends.get() > 0);

            decisions.close();

            assertThat(answer).succeedsWithin(DecisionsSituation.DEADLINE).isInstanceOf(Answer.Overtaken.class);
        }
    }
}
