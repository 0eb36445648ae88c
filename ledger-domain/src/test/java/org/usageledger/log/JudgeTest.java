package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.log.AppendRequest.OnConflict.REFUSE_REQUEST;
import static org.usageledger.log.AppendRequest.OnConflict.SKIP_EVENT;
import static org.usageledger.log.SuppressionReason.ALREADY_ENDED;
import static org.usageledger.log.SuppressionReason.NO_START_ON_RECORD;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

class JudgeTest {
    /** What is on record before; its own rules are tested against the judge's by random queues. */
    private final NaiveLedger record = new NaiveLedger();

    private final List<AppendRequest> queue = new ArrayList<>();

    private void onRecord(UsageEvent... events) {
        for (UsageEvent event : events) {
            record.append(AppendRequest.of(List.of(TestLog.encode(event)), SKIP_EVENT));
        }
    }

    private void queued(AppendRequest.OnConflict onConflict, UsageEvent... events) {
        queue.add(AppendRequest.of(Stream.of(events).map(TestLog::encode).toList(), onConflict));
    }

    private void queuedIf(Condition condition, UsageEvent... events) {
        queue.add(new AppendRequest(
                Stream.of(events).map(TestLog::encode).toList(), SKIP_EVENT, List.of(condition), Optional.empty()));
    }

    private Judgement judged() {
        return Judge.inQueueOrder(record.snapshot(queue), queue);
    }

    private static List<List<Outcome>> outcomes(Judgement judgement) {
        return judgement.verdicts().stream().map(Judgement.Verdict::outcomes).toList();
    }

    private static List<Outcome> recorded(long... positions) {
        return Arrays.stream(positions).<Outcome>mapToObj(Outcome.Recorded::new).toList();
    }

    private static Condition nothingAfter(long position, String process) {
        return new Condition(new Resource(ResourceKind.PROCESS, process), new Cursor(2, position, 0));
    }

    @Nested
    class identities {
        @Test
        void unseen_events_get_dense_positions_after_the_head_in_queue_order() {
            onRecord(Events.process("p0", "STARTED"), Events.process("p0", "STOPPED"));
            queued(REFUSE_REQUEST, Events.process("p1", "STARTED"), Events.process("p2", "STARTED"));
            queued(REFUSE_REQUEST, Events.process("p3", "STARTED"));
            assertThat(outcomes(judged())).containsExactly(recorded(3, 4), recorded(5));
            assertThat(judged().rows()).extracting(Judgement.Row::position).containsExactly(3L, 4L, 5L);
        }

        @Test
        void the_same_event_again_is_a_duplicate_whether_on_record_or_earlier_in_the_queue() {
            var old = Events.process("p1", "STARTED");
            var fresh = Events.process("p2", "STARTED");
            onRecord(old);
            queued(REFUSE_REQUEST, old, fresh, fresh);
            queued(REFUSE_REQUEST, fresh);
            assertThat(outcomes(judged()))
                    .containsExactly(
                            List.of(new Outcome.Duplicate(1), new Outcome.Recorded(2), new Outcome.Duplicate(2)),
                            List.of(new Outcome.Duplicate(2)));
            assertThat(judged().rows()).hasSize(1);
        }

        @Test
        void a_conflict_refuses_an_atomic_request_whole() {
            onRecord(Events.process("e1", "p1", "STARTED", 512));
            queued(REFUSE_REQUEST, Events.process("p2", "STARTED"), Events.process("e1", "p1", "STARTED", 1024));
            assertThat(judged().isEmpty()).isTrue();
            assertThat(judged().verdicts())
                    .containsExactly(
                            new Judgement.Verdict.Refuse(List.of(new Outcome.Recorded(2), new Outcome.Conflict(1))));
        }

        @Test
        void a_conflict_is_skipped_where_the_request_allows_it() {
            onRecord(Events.process("e1", "p1", "STARTED", 512));
            queued(SKIP_EVENT, Events.process("p2", "STARTED"), Events.process("e1", "p1", "STARTED", 1024));
            assertThat(outcomes(judged())).containsExactly(List.of(new Outcome.Recorded(2), new Outcome.Conflict(1)));
            assertThat(judged().rows()).hasSize(1);
        }

        @Test
        void nobody_is_the_duplicate_of_what_a_refused_request_wanted() {
            onRecord(Events.process("e1", "p1", "STARTED", 512));
            var wanted = Events.process("p2", "STARTED");
            queued(REFUSE_REQUEST, wanted, Events.process("e1", "p1", "STARTED", 1024));
            queued(REFUSE_REQUEST, wanted);
            assertThat(outcomes(judged()).getLast()).isEqualTo(recorded(2));
        }

        @Test
        void unseen_and_older_than_memory_is_refused_but_seen_and_older_is_a_duplicate() {
            var seen = Events.process("p1", "STARTED");
            onRecord(seen);
            record.forgottenBefore = Events.NOON.plus(Duration.ofSeconds(1));
            queued(REFUSE_REQUEST, seen);
            queued(REFUSE_REQUEST, Events.process("p2", "STARTED"));
            assertThat(judged().verdicts())
                    .containsExactly(
                            new Judgement.Verdict.Accept(List.of(new Outcome.Duplicate(1))),
                            new Judgement.Verdict.Refuse(List.of(new Outcome.Forgotten(record.forgottenBefore))));
        }
    }

    @Nested
    class task_stops {
        private final UsageEvent stop = Events.task("e1", "t1", "TASK_STOPPED", "RUNNING");

        @Test
        void a_stop_goes_into_the_open_run_of_its_task_and_a_second_one_is_aside() {
            onRecord(Events.task("t1", "TASK_STARTED"));
            queued(REFUSE_REQUEST, stop, Events.task("t1", "TASK_STOPPED"));
            assertThat(outcomes(judged()))
                    .containsExactly(List.of(new Outcome.Recorded(2), new Outcome.Suppressed(ALREADY_ENDED)));
        }

        @Test
        void a_stop_without_a_beginning_is_aside_and_again_and_in_conflict_with_another_content() {
            queued(REFUSE_REQUEST, stop);
            queued(REFUSE_REQUEST, stop);
            queued(REFUSE_REQUEST, Events.task("e1", "t1", "TASK_STOPPED", "PENDING"));
            var aside = new Outcome.Suppressed(NO_START_ON_RECORD);
            assertThat(judged().verdicts())
                    .containsExactly(
                            new Judgement.Verdict.Accept(List.of(aside)),
                            new Judgement.Verdict.Accept(List.of(aside)),
                            new Judgement.Verdict.Refuse(List.of(new Outcome.Conflict(0))));
            assertThat(judged().asides()).hasSize(1);
        }

        @Test
        void in_one_request_stop_and_start_are_recorded_in_the_right_order() {
            queued(REFUSE_REQUEST, stop, Events.task("t1", "TASK_STARTED"));
            assertThat(outcomes(judged())).containsExactly(recorded(2, 1));
            assertThat(judged().asides()).isEmpty();
        }

        @Test
        void a_copy_of_the_stop_in_that_request_is_its_duplicate() {
            queued(REFUSE_REQUEST, stop, stop, Events.task("t1", "TASK_STARTED"), stop);
            assertThat(outcomes(judged()))
                    .containsExactly(List.of(
                            new Outcome.Recorded(2),
                            new Outcome.Duplicate(2),
                            new Outcome.Recorded(1),
                            new Outcome.Duplicate(2)));
        }

        @Test
        void a_late_beginning_brings_the_oldest_waiting_stop_and_no_other() {
            var second = Events.task("t1", "TASK_STOPPED");
            onRecord(stop, second);
            queued(REFUSE_REQUEST, Events.task("t1", "TASK_WAS_RUNNING"), Events.process("p1", "STARTED"));
            Judgement judgement = judged();
            assertThat(outcomes(judgement)).containsExactly(recorded(1, 3));
            assertThat(judgement.releases())
                    .containsExactly(new Judgement.Release(TestLog.encode(stop).identity(), 2));
        }

        @Test
        void a_suppressed_stop_that_comes_again_with_its_beginning_is_recorded() {
            onRecord(stop);
            queued(REFUSE_REQUEST, stop, stop, Events.task("t1", "TASK_STARTED"), stop);
            Judgement judgement = judged();
            assertThat(outcomes(judgement))
                    .containsExactly(List.of(
                            new Outcome.Recorded(2),
                            new Outcome.Duplicate(2),
                            new Outcome.Recorded(1),
                            new Outcome.Duplicate(2)));
            assertThat(judgement.releases())
                    .containsExactly(new Judgement.Release(TestLog.encode(stop).identity(), 2));
        }

        @Test
        void a_later_request_of_the_transaction_brings_the_stop_that_an_earlier_one_laid_aside() {
            queued(REFUSE_REQUEST, stop);
            queued(REFUSE_REQUEST, Events.task("t1", "TASK_STARTED"));
            Judgement judgement = judged();
            assertThat(outcomes(judgement))
                    .containsExactly(List.of(new Outcome.Suppressed(NO_START_ON_RECORD)), recorded(1));
            assertThat(judgement.asides())
                    .extracting(Judgement.Aside::recordedAt)
                    .containsExactly(2L);
        }

        @Test
        void a_refused_request_leaves_no_stop_aside_and_brings_none() {
            onRecord(Events.process("e2", "p1", "STARTED", 512), Events.task("e3", "t2", "TASK_STOPPED", null));
            var conflict = Events.process("e2", "p1", "STARTED", 1024);
            queued(REFUSE_REQUEST, stop, Events.task("t2", "TASK_STARTED"), conflict);
            queued(REFUSE_REQUEST, Events.task("t1", "TASK_STARTED"));
            Judgement judgement = judged();
            assertThat(outcomes(judgement).getLast()).isEqualTo(recorded(2));
            assertThat(judgement.rows()).hasSize(1);
            assertThat(judgement.asides()).isEmpty();
            assertThat(judgement.releases()).isEmpty();
        }
    }

    @Nested
    class conditions {
        @Test
        void a_newer_event_of_the_resource_skips_that_resource_only() {
            onRecord(Events.process("p1", "STARTED"), Events.process("p1", "STOPPED"));
            queuedIf(nothingAfter(1, "p1"), Events.process("p1", "STOPPED"), Events.process("p2", "STOPPED"));
            assertThat(outcomes(judged()))
                    .containsExactly(List.of(new Outcome.ConditionFailed(2), new Outcome.Recorded(3)));
        }

        @Test
        void what_was_decided_in_a_lost_history_fails_and_what_was_decided_before_its_fork_does_not() {
            onRecord(Events.process("p1", "STARTED"), Events.process("p2", "STARTED"), Events.process("p3", "STARTED"));
            record.forks.put(1, 1L);
            Resource process = new Resource(ResourceKind.PROCESS, "p1");
            queuedIf(new Condition(process, new Cursor(1, 2, 0)), Events.process("p1", "STOPPED"));
            queuedIf(new Condition(process, new Cursor(1, 1, 0)), Events.process("p1", "STOPPED"));

            assertThat(outcomes(judged())).containsExactly(List.of(new Outcome.ConditionFailed(1)), recorded(4));
        }

        @Test
        void an_earlier_request_of_the_same_transaction_counts() {
            onRecord(Events.process("p1", "STARTED"));
            queued(REFUSE_REQUEST, Events.process("p1", "STOPPED"));
            queuedIf(nothingAfter(1, "p1"), Events.process("p1", "STOPPED"));
            assertThat(outcomes(judged())).containsExactly(recorded(2), List.of(new Outcome.ConditionFailed(2)));
        }

        @Test
        void a_refused_request_does_not_count_nor_do_the_own_events() {
            onRecord(Events.process("e1", "p1", "STARTED", 512));
            queued(REFUSE_REQUEST, Events.process("p1", "STOPPED"), Events.process("e1", "p1", "STARTED", 1024));
            queuedIf(nothingAfter(1, "p1"), Events.process("p1", "STOPPED"), Events.process("p1", "STARTED"));
            assertThat(outcomes(judged()).getLast()).isEqualTo(recorded(2, 3));
        }

        @Test
        void the_same_event_tried_again_is_a_duplicate_and_no_failed_condition() {
            var ending = Events.process("p1", "STOPPED");
            onRecord(Events.process("p1", "STARTED"), ending);
            queuedIf(nothingAfter(1, "p1"), ending);
            assertThat(outcomes(judged())).containsExactly(List.of(new Outcome.Duplicate(2)));
        }
    }
}
