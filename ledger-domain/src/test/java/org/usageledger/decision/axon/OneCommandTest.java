package org.usageledger.decision.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.decision.Answer;
import org.usageledger.decision.Listing;
import org.usageledger.decision.Refusal;
import org.usageledger.decision.RunCommand;
import org.usageledger.decision.RunCommand.RecordTaskStop;
import org.usageledger.decision.RunCommand.StartBaseline;
import org.usageledger.event.Events;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Cursor;
import org.usageledger.log.Fence;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.SuppressionReason;
import org.usageledger.log.TestLog;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class OneCommandTest {

    @Nested
    class A_command {

        @Test
        void starts_a_baseline_once(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                assertThat(at.decide(at.start("p1"))).isEqualTo(new Answer.Recorded(1));
                assertThat(at.decide(at.start("p1"))).isEqualTo(new Answer.AlreadyRecorded(1));
                assertThat(at.log.everything().stream().map(LoggedEvent::origin))
                        .containsExactly(Origin.BASELINE);
            }
        }

        @Test
        void ends_a_run_once(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                at.record(Events.process("p1", "STARTED"), Events.process("p2", "STARTED"));

                assertThat(at.decide(at.end("p1"))).isEqualTo(new Answer.Recorded(3));
                assertThat(at.decide(at.end("p1"))).isEqualTo(new Answer.AlreadyRecorded(3));
                Listing others = new Listing(
                        UUID.randomUUID(), DecisionsSituation.NOW, at.list().upTo());
                assertThat(at.decide(new RunCommand.EndRun(DecisionsSituation.process("p1"), others)))
                        .isEqualTo(new Answer.Refused(new Refusal.NotRunning()));
                assertThat(at.log.everything().getLast().origin()).isEqualTo(Origin.REPAIR);
            }
        }

        @Test
        void whose_list_knows_more_than_is_confirmed_here_waits(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                at.record(Events.process("p1", "STARTED"), Events.process("p1", "STOPPED"));
                Listing ahead = at.list(new Cursor(1, 3, 0));

                assertThat(at.decide(new RunCommand.EndRun(DecisionsSituation.process("p1"), ahead)))
                        .isInstanceOf(Answer.NotYet.class);
                assertThat(at.log.everything()).hasSize(2);
            }
        }

        @Test
        void on_a_run_whose_beginning_cannot_be_read_is_refused(TestDatabase database) throws SQLException {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                at.record(Events.process("p1", "STARTED"));
                DecisionsSituation.damage(database, 1);

                assertThat(at.decide(at.end("p1")))
                        .isInstanceOfSatisfying(
                                Answer.Refused.class,
                                refused -> assertThat(refused.why()).isInstanceOf(Refusal.Unreadable.class));
            }
        }

        @Test
        void records_a_tasks_stop_or_keeps_it_aside(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                at.record(Events.task("t1", "TASK_STARTED"));
                RecordTaskStop stop = at.stop("t1");

                assertThat(at.decide(stop)).isEqualTo(new Answer.Recorded(2));
                assertThat(at.decide(stop)).isEqualTo(new Answer.AlreadyRecorded(2));
                assertThat(at.decide(at.stop("t1"))).isEqualTo(new Answer.KeptAside(SuppressionReason.ALREADY_ENDED));
                assertThat(at.decide(at.stop("t2")))
                        .isEqualTo(new Answer.KeptAside(SuppressionReason.NO_START_ON_RECORD));
            }
        }

        @Test
        void that_begins_a_task_brings_the_stop_that_waited(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                Resource task = new Resource(ResourceKind.TASK, "t1");
                at.decide(at.stop("t1"));

                RunCommand start = new StartBaseline(
                        task, Events.task("t1", "TASK_STARTED").body(), at.list());

                assertThat(at.decide(start)).isEqualTo(new Answer.Recorded(1));
                assertThat(at.log.everything()).hasSize(2);
                assertThat(at.decide(start)).isEqualTo(new Answer.AlreadyRecorded(1));
            }
        }

        @Test
        void of_an_event_that_is_on_record_with_other_content_is_refused(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                UsageEvent stop = Events.task("g1", "t1", "TASK_STOPPED", "RUNNING");
                at.record(Events.task("t1", "TASK_STARTED"), stop);

                assertThat(at.decide(new RecordTaskStop(Events.task("g1", "t1", "TASK_STOPPED", "CANCELING"))))
                        .isEqualTo(new Answer.Refused(new Refusal.OtherContent(2)));
            }
        }
    }

    @Nested
    class A_race {

        @Test
        void for_one_run_is_won_once(TestDatabase database) throws Exception {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database));
                    var racers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int round = 0; round < 20; round++) {
                    String process = "p" + round;
                    at.record(Events.process(process, "STARTED"));
                    Cursor upTo = at.list().upTo();
                    var answers = racers.invokeAll(IntStream.range(0, 8)
                            .mapToObj(i -> (Callable<Answer>) () -> at.decide(new RunCommand.EndRun(
                                    DecisionsSituation.process(process),
                                    new Listing(UUID.randomUUID(), DecisionsSituation.NOW, upTo))))
                            .toList());
                    List<Answer> all = new ArrayList<>();
                    for (Future<Answer> answer : answers) {
                        all.add(answer.get());
                    }
                    assertThat(all)
                            .filteredOn(Answer.Recorded.class::isInstance)
                            .hasSize(1);
                    assertThat(all)
                            .filteredOn(answer -> !(answer instanceof Answer.Recorded))
                            .allMatch(answer -> answer.equals(new Answer.Refused(new Refusal.NotRunning()))
                                    || answer instanceof Answer.Overtaken);
                }
                assertThat(at.log.everything()).hasSize(40);
            }
        }

        @Test
        void lost_once_is_tried_again_on_what_is_on_record_then(TestDatabase database) {
            TestLog log = new TestLog(database);
            AtomicBoolean first = new AtomicBoolean(true);
            Meddling storage = new Meddling(DecisionsSituation.storage(log), () -> {
                if (first.getAndSet(false)) {
                    log.outcomes(Events.task("t1", "TASK_WAS_RUNNING"));
                }
            });
            try (DecisionsSituation at = new DecisionsSituation(log, storage, log.resources)) {
                at.record(Events.task("t1", "TASK_STARTED"));

                assertThat(at.decide(at.stop("t1"))).isEqualTo(new Answer.Recorded(3));
                assertThat(storage.appends).hasValue(2);
            }
        }

        @Test
        void lost_by_a_list_is_lost_to_what_is_newer_than_it(TestDatabase database) {
            TestLog log = new TestLog(database);
            Meddling storage = new Meddling(
                    DecisionsSituation.storage(log), () -> log.outcomes(Events.process("e2", "p1", "STARTED", 1024)));
            try (DecisionsSituation at = new DecisionsSituation(log, storage, log.resources)) {
                at.record(Events.process("e1", "p1", "STARTED", 512));

                assertThat(at.decide(at.end("p1"))).isEqualTo(new Answer.Refused(new Refusal.NewerThanList(2)));
                assertThat(storage.appends).hasValue(1);
            }
        }

        @Test
        void lost_each_time_is_given_up_and_said_so(TestDatabase database) {
            TestLog log = new TestLog(database);
            Meddling storage = new Meddling(
                    DecisionsSituation.storage(log), () -> log.outcomes(Events.task("t1", "TASK_WAS_RUNNING")));
            try (DecisionsSituation at = new DecisionsSituation(log, storage, log.resources)) {
                at.record(Events.task("t1", "TASK_STARTED"));

                assertThat(at.decide(at.stop("t1"))).isInstanceOf(Answer.Overtaken.class);
                assertThat(storage.appends).hasValue(DecisionsSituation.QUICK.tries());
                assertThat(log.everything()).hasSize(1 + DecisionsSituation.QUICK.tries());
            }
        }
    }

    @Nested
    class An_execution {

        @Test
        void that_holds_its_claim_records_its_step_with_the_event(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                DecisionsSituation.Claim claim = new DecisionsSituation.Claim(Fence.Standing.HELD);

                assertThat(at.decisions.decide(at.start("p1"), Optional.of(claim)))
                        .isEqualTo(new Answer.Recorded(1));
                assertThat(claim.steps).hasValue(1);
            }
        }

        @Test
        void that_lost_its_claim_records_nothing(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                DecisionsSituation.Claim claim = new DecisionsSituation.Claim(Fence.Standing.FENCED);

                assertThat(at.decisions.decide(at.start("p1"), Optional.of(claim)))
                        .isEqualTo(new Answer.Fenced());
                assertThat(at.log.everything()).isEmpty();
            }
        }
    }

    @Nested
    class An_append_in_doubt {

        @Test
        void is_told_as_neither_success_nor_conflict_and_asked_again_is_the_same_event(TestDatabase database) {
            CountDownLatch hanging = new CountDownLatch(1);
            UsageEvent stop = Events.task("t1", "TASK_STOPPED");
            try (TestLog direct = new TestLog(database);
                    DecisionsSituation at = new DecisionsSituation(TestLog.hangingInCommit(database, hanging))) {
                direct.outcomes(Events.task("t1", "TASK_STARTED"));
                try {
                    assertThat(at.decide(new RecordTaskStop(stop))).isInstanceOf(Answer.InDoubt.class);
                } finally {
                    hanging.countDown();
                }
                try (DecisionsSituation other = new DecisionsSituation(new TestLog(database))) {
                    assertThat(other.decide(new RecordTaskStop(stop))).isEqualTo(new Answer.AlreadyRecorded(2));
                }
            }
        }

        @Test
        void is_not_what_a_closed_appender_leaves(TestDatabase database) {
            try (DecisionsSituation at = new DecisionsSituation(new TestLog(database))) {
                at.log.appender.close();

                assertThat(at.decide(at.start("p1"))).isInstanceOf(Answer.NotTaken.class);
            }
        }
    }
}
