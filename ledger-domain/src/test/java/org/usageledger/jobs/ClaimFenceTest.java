package org.usageledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Outcome;
import org.usageledger.log.Standstill;
import org.usageledger.log.TestLog;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** Executions that append, by the appender as it is and with the claim that they hold. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class ClaimFenceTest extends ClaimsSituation {
    private static final int STEP = 2;

    private TestLog log;
    private UUID id;
    private Execution execution;

    @BeforeEach
    void claim() throws SQLException {
        log = new TestLog(database);
        id = start("k1");
        execution = claimed(registered("n1"), Duration.ZERO).getFirst();
    }

    @AfterEach
    void close() {
        log.close();
    }

    private CompletableFuture<AppendResult> append(Execution by, int chunk, UsageEvent event, long position) {
        return log.appender.append(request(event, Optional.of(by.fence(STEP, chunk, new Progress(position, 10)))));
    }

    private static UsageEvent event(String guid) {
        return Events.process(guid, "p-" + guid, "STARTED", 512);
    }

    private long steps() throws SQLException {
        return number("""
                select count(*)
                from job_step_event
                """);
    }

    /** Mutant: the step recorded in a transaction of its own. */
    @Test
    void the_event_and_the_step_are_of_one_transaction() throws Exception {
        assertThat(TestLog.outcomes(answer(append(execution, 1, event("e1"), 3))))
                .containsExactly(new Outcome.Recorded(1));

        assertThat(number("""
                select count(*)
                from usage_event e
                join job_step_event s on s.xmin = e.xmin
                """)).isEqualTo(1);
        assertThat(execution.reached(STEP)).contains(new Progress(3, 10));
        assertThat(view(id).chunks()).isEqualTo(1);
        assertThat(view(id).owner().orElseThrow().leaseUntil()).as("renewed").isAfter(view(id).createdAt());
    }

    /** Mutant: the claim not looked at. */
    @Test
    void a_superseded_claim_appends_nothing_and_what_others_want_of_the_same_transaction_is_recorded()
            throws Exception {
        Execution current = claimed(registered("n2"), LONG).getFirst();
        CompletableFuture<AppendResult> before;
        CompletableFuture<AppendResult> late;
        CompletableFuture<AppendResult> next;
        CompletableFuture<AppendResult> anybody;
        try (Connection holder = database.open()) {
            holder.setAutoCommit(false);
            Standstill.begin(holder);
            before = log.appender.append(request(event("e0"), Optional.empty()));
            awaitAppenderAtTheCounter();
            late = append(execution, 1, event("e1"), 1);
            next = append(current, 1, event("e2"), 1);
            anybody = log.appender.append(request(event("e3"), Optional.empty()));
            holder.commit();
        }
        assertThat(TestLog.outcomes(answer(before))).containsExactly(new Outcome.Recorded(1));
        assertThat(answer(late)).isEqualTo(new AppendResult.Fenced());
        assertThat(TestLog.outcomes(answer(next))).containsExactly(new Outcome.Recorded(2));
        assertThat(TestLog.outcomes(answer(anybody))).containsExactly(new Outcome.Recorded(3));
        assertThat(number("""
                select count(distinct xmin::text)
                from usage_event
                where position > 1
                """)).as("transactions").isEqualTo(1);
        assertThat(steps()).isEqualTo(1);
        assertThat(current.reached(STEP)).contains(new Progress(1, 10));
    }

    @Test
    void one_that_is_asked_to_stop_appends_nothing() throws Exception {
        assertThat(jobs.cancel(id, new Word("test", "enough"))).isInstanceOf(Controlled.Accepted.class);

        assertThat(answer(append(execution, 1, event("e1"), 1))).isEqualTo(new AppendResult.Fenced());
        assertThat(events()).isZero();
    }

    /** Mutant: the row waited for with the counter locked. */
    @Test
    void a_claim_that_somebody_has_locked_is_put_back_while_others_append() throws Exception {
        CompletableFuture<AppendResult> waiting;
        try (Connection holder = database.open();
                var statement = holder.prepareStatement("""
                        select execution_id
                        from job_execution
                        for no key update
                        """)) {
            holder.setAutoCommit(false);
            statement.executeQuery().close();
            waiting = append(execution, 1, event("e1"), 1);
            assertThat(TestLog.outcomes(answer(log.appender.append(request(event("e2"), Optional.empty())))))
                    .containsExactly(new Outcome.Recorded(1));
            assertThat(TestLog.outcomes(answer(log.appender.append(request(event("e3"), Optional.empty())))))
                    .containsExactly(new Outcome.Recorded(2));
            assertThat(waiting).isNotDone();
            holder.commit();
        }
        assertThat(TestLog.outcomes(answer(waiting))).containsExactly(new Outcome.Recorded(3));
        assertThat(steps()).isEqualTo(1);
    }

    /** Mutant: a step that is there recorded again, or its chunk counted again. */
    @Test
    void the_same_append_again_is_recorded_once_under_whatever_claim() throws Exception {
        answer(append(execution, 1, event("e1"), 1));
        assertThat(TestLog.outcomes(answer(append(execution, 1, event("e1"), 1))))
                .containsExactly(new Outcome.Duplicate(1));
        execute("""
                update job_execution
                set lease_until = clock_timestamp() - interval '1 second'
                """);
        Execution current = claimed(registered("n2"), LONG).getFirst();
        assertThat(TestLog.outcomes(answer(append(current, 1, event("e1"), 1))))
                .containsExactly(new Outcome.Duplicate(1));

        assertThat(List.of(events(), steps(), view(id).chunks())).containsExactly(1L, 1L, 1L);
    }

    /** Mutant: what is recorded under the number not compared. */
    @Test
    void another_append_under_the_number_of_a_recorded_chunk_is_refused_as_a_defect() throws Exception {
        answer(append(execution, 1, event("e1"), 1));

        assertThat(answer(append(execution, 1, event("e2"), 2))).isInstanceOf(AppendResult.Failed.class);
        assertThat(List.of(events(), steps())).containsExactly(1L, 1L);
        assertThat(TestLog.outcomes(answer(append(execution, 2, event("e2"), 2))))
                .containsExactly(new Outcome.Recorded(2));
    }
}
