package org.usageledger.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.decision.RunCommand.EndRun;
import org.usageledger.decision.RunCommand.RecordTaskStop;
import org.usageledger.decision.RunCommand.StartBaseline;
import org.usageledger.event.Body;
import org.usageledger.event.Events;
import org.usageledger.event.Exactness;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.lifecycle.Run;
import org.usageledger.log.Cursor;
import org.usageledger.log.NewEvent;
import org.usageledger.log.StoredRow;
import org.usageledger.log.SuppressionReason;
import org.usageledger.log.Trace;

class RulesTest {
    private static final UUID EXECUTION = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final Listing LIST =
            new Listing(EXECUTION, Instant.parse("2026-02-01T00:00:00.123456789Z"), new Cursor(1, 100, 0));
    private static final Resource PROCESS = new Resource(ResourceKind.PROCESS, "p1");

    private static Standing standing(UsageEvent... events) {
        Standing standing = Standing.unknown(events[0].resource().orElseThrow());
        for (int i = 0; i < events.length; i++) {
            UsageEvent event = events[i];
            Run.Step step =
                    new Run.Step(i + 1L, event.occurredAt(), event.effect(), Exactness.of(event, Origin.PLATFORM));
            standing = standing.after(new Trace.Step(step, event.state()), event);
        }
        return standing;
    }

    private static NewEvent recorded(Decision decision) {
        if (decision instanceof Decision.Append append) {
            return append.event();
        }
        throw new AssertionError("not recorded: " + decision);
    }

    private static String body(NewEvent event) {
        return event.row().body().toString();
    }

    @Nested
    class A_baseline {
        private final Body fields = Body.owning("""
                {"process":{"guid":"p1","type":"web"},"app":{"guid":"a1","name":null},"space":{"guid":"s1","name":"dev"},
                 "organization":{"guid":"o1"},"instance_count":{"current":2,"previous":1},
                 "memory_in_mb_per_instance":{"current":null,"previous":null},"note":{"ratio":0.10}}""".getBytes(StandardCharsets.UTF_8));
        private final StartBaseline start = new StartBaseline(PROCESS, fields, LIST);

        private Refusal refused(Standing standing, StartBaseline command) {
            if (Rules.decide(standing, command) instanceof Decision.Refuse refuse) {
                return refuse.why();
            }
            throw new AssertionError("not refused");
        }

        @Test
        void of_what_is_not_on_record_is_recorded_with_an_inexact_start() {
            StoredRow row =
                    recorded(Rules.decide(Standing.unknown(PROCESS), start)).row();

            assertThat(row.state()).isEqualTo("WAS_RUNNING");
            assertThat(row.previousState()).isNull();
            assertThat(row.origin()).isEqualTo(Origin.BASELINE);
            assertThat(row.exact()).isFalse();
            assertThat(row.occurredAt()).isEqualTo("2026-02-01T00:00:00.123456Z");
            assertThat(row.instances()).isEqualTo(2);
        }

        @Test
        void has_the_listed_fields_with_nothing_for_what_is_null() {
            String guid = recorded(Rules.decide(Standing.unknown(PROCESS), start))
                    .row()
                    .guid();

            assertThat(body(recorded(Rules.decide(Standing.unknown(PROCESS), start))))
                    .isEqualTo("""
                    {"guid":"%s","created_at":"2026-02-01T00:00:00.123456Z","updated_at":"2026-02-01T00:00:00.123456Z",\
                    "state":{"current":"WAS_RUNNING","previous":null},"process":{"guid":"p1","type":"web"},\
                    "app":{"guid":"a1","name":""},"space":{"guid":"s1","name":"dev"},"organization":{"guid":"o1"},\
                    "instance_count":{"current":2,"previous":1},\
                    "memory_in_mb_per_instance":{"current":0,"previous":null},"note":{"ratio":0.10}}""".formatted(guid));
        }

        @Test
        void is_the_same_event_again_in_the_same_execution_and_another_one_in_another() {
            NewEvent once = recorded(Rules.decide(Standing.unknown(PROCESS), start));
            NewEvent again = recorded(Rules.decide(Standing.unknown(PROCESS), start));
            Listing other = new Listing(UUID.randomUUID(), LIST.at(), LIST.upTo());
            NewEvent elsewhere =
                    recorded(Rules.decide(Standing.unknown(PROCESS), new StartBaseline(PROCESS, fields, other)));

            assertThat(again.identity()).isEqualTo(once.identity());
            assertThat(again.content()).isEqualTo(once.content());
            assertThat(elsewhere.identity()).isNotEqualTo(once.identity());
            assertThat(UUID.fromString(once.row().guid()).version()).isEqualTo(8);
        }

        @Test
        void adds_nothing_to_an_open_run() {
            assertThat(refused(standing(Events.process("p1", "STARTED")), start))
                    .isEqualTo(new Refusal.AlreadyRuns(1));
        }

        @Test
        void yields_to_what_came_after_the_list_was_begun() {
            Standing stopped = standing(Events.process("p1", "STARTED"), Events.process("p1", "STOPPED"));
            Listing before = new Listing(EXECUTION, LIST.at(), new Cursor(1, 1, 0));

            assertThat(refused(stopped, new StartBaseline(PROCESS, fields, before)))
                    .isEqualTo(new Refusal.NewerThanList(2));
            assertThat(recorded(Rules.decide(stopped, start)).effect().begins()).isTrue();
        }

        @Test
        void does_not_exist_for_stagings() {
            Resource staging = new Resource(ResourceKind.STAGING, "a1");

            assertThat(refused(Standing.unknown(staging), new StartBaseline(staging, fields, LIST)))
                    .isEqualTo(new Refusal.NoBaseline(ResourceKind.STAGING));
        }

        @Test
        void of_other_fields_than_its_resources_is_refused() {
            Resource other = new Resource(ResourceKind.PROCESS, "p2");

            assertThat(refused(Standing.unknown(other), new StartBaseline(other, fields, LIST)))
                    .isInstanceOfSatisfying(
                            Refusal.Unreadable.class,
                            why -> assertThat(why.reason()).contains("p1"));
        }
    }

    @Nested
    class An_ending {
        private final EndRun end = new EndRun(PROCESS, LIST);

        @Test
        void has_all_fields_of_the_beginning_that_last_sized_the_run() {
            UsageEvent opened = Events.process("g1", "p1", "STARTED", 256);
            UsageEvent sized = Events.process("g2", "p1", "STARTED", 512);
            NewEvent ending = recorded(Rules.decide(standing(opened, sized, Events.process("p1", "WAS_RUNNING")), end));

            assertThat(ending.row().state()).isEqualTo("STOPPED");
            assertThat(ending.row().origin()).isEqualTo(Origin.REPAIR);
            assertThat(ending.row().exact()).isFalse();
            assertThat(ending.row().memoryMb()).isEqualTo(512);
            assertThat(ending.row().occurredAt()).isEqualTo(LIST.at());
            assertThat(body(ending))
                    .contains("\"state\":{\"current\":\"STOPPED\",\"previous\":\"STARTED\"}")
                    .endsWith(sized.body().toString().split("\"app\":", 2)[1])
                    .doesNotContain("g2");
        }

        @Test
        void says_the_state_that_began_the_run() {
            NewEvent ending = recorded(
                    Rules.decide(standing(Events.process("p1", "WAS_RUNNING"), Events.process("p1", "STARTED")), end));

            assertThat(ending.row().previousState()).isEqualTo("WAS_RUNNING");
        }

        @Test
        void of_a_service_instance_is_its_deletion() {
            Resource instance = new Resource(ResourceKind.SERVICE_INSTANCE, "i1");
            NewEvent ending =
                    recorded(Rules.decide(standing(Events.service("i1", "UPDATED")), new EndRun(instance, LIST)));

            assertThat(ending.row().state()).isEqualTo("DELETED");
            assertThat(ending.row().plan()).isEqualTo("plan-1");
        }

        @Test
        void is_not_written_where_no_run_is_open() {
            Standing stopped = standing(Events.process("p1", "STARTED"), Events.process("p1", "STOPPED"));

            assertThat(Rules.decide(stopped, end)).isEqualTo(new Decision.Refuse(new Refusal.NotRunning()));
        }

        @Test
        void yields_to_what_came_after_the_list_was_begun() {
            Listing before = new Listing(EXECUTION, LIST.at(), new Cursor(1, 0, 0));

            assertThat(Rules.decide(standing(Events.process("p1", "STARTED")), new EndRun(PROCESS, before)))
                    .isEqualTo(new Decision.Refuse(new Refusal.NewerThanList(1)));
        }

        @Test
        void is_known_before_it_is_decided_and_of_another_execution_is_another_event() {
            Standing runs = standing(Events.process("p1", "STARTED"));
            EndRun elsewhere = new EndRun(PROCESS, new Listing(UUID.randomUUID(), LIST.at(), LIST.upTo()));

            assertThat(Rules.written(end))
                    .contains(recorded(Rules.decide(runs, end)).identity());
            assertThat(Rules.written(elsewhere))
                    .contains(recorded(Rules.decide(runs, elsewhere)).identity())
                    .isNotEqualTo(Rules.written(end));
        }
    }

    @Nested
    class A_tasks_stop {
        private final UsageEvent stop = Events.task("t1", "TASK_STOPPED");
        private final Resource task = new Resource(ResourceKind.TASK, "t1");

        private Decision decide(Standing standing) {
            return Rules.decide(standing, new RecordTaskStop(stop));
        }

        @Test
        void is_recorded_in_an_open_run() {
            assertThat(recorded(decide(standing(Events.task("t1", "TASK_STARTED"))))
                            .row()
                            .guid())
                    .isEqualTo(stop.guid());
        }

        @Test
        void is_kept_aside_after_the_end() {
            Standing ended = standing(Events.task("t1", "TASK_STARTED"), Events.task("t1", "TASK_STOPPED"));

            assertThat(decide(ended))
                    .isInstanceOfSatisfying(
                            Decision.KeepAside.class,
                            aside -> assertThat(aside.reason()).isEqualTo(SuppressionReason.ALREADY_ENDED));
        }

        @Test
        void is_kept_aside_where_no_start_is_on_record() {
            assertThat(decide(Standing.unknown(task)))
                    .isInstanceOfSatisfying(
                            Decision.KeepAside.class,
                            aside -> assertThat(aside.reason()).isEqualTo(SuppressionReason.NO_START_ON_RECORD));
        }

        @Test
        void is_nothing_else() {
            assertThatThrownBy(() -> new RecordTaskStop(Events.process("p1", "STOPPED")))
                    .hasMessageContaining("not the stop of a task");
        }
    }
}
