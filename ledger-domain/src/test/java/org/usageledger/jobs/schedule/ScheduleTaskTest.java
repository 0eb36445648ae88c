package org.usageledger.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.jobs.Started;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.tasks.Result;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class ScheduleTaskTest extends ScheduleSituation {
    private static final Instant MONDAY_NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final int NODES = 6;

    private Result at(Instant moment) throws SQLException {
        return task().serve(readAt(moment));
    }

    private static int count(Result result, String what) {
        return ((List<?>) result.details().getOrDefault(what, List.of())).size();
    }

    private static Instant time(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private void begins(String job, String cron, String timeZone, Instant moment) throws SQLException {
        stored(job, cron, timeZone);
        changedAt(job, moment);
    }

    /** Mutant: told from the latest due time, so that one that is missed again and again is never late. */
    @Test
    void how_late_one_is_counts_from_the_first_due_time_that_was_not_served() throws SQLException {
        begins("sweep", "0 * * * *", "UTC", MONDAY_NOON.minusSeconds(1));
        assertThat(late(MONDAY_NOON.minusSeconds(1))).isZero();
        assertThat(late(MONDAY_NOON.plusSeconds(9000))).isEqualTo(Duration.ofMinutes(150));
        at(MONDAY_NOON.plusSeconds(9000));
        assertThat(late(MONDAY_NOON.plusSeconds(9000))).isZero();
    }

    private Duration late(Instant moment) throws SQLException {
        return ScheduleView.of(readAt(moment).getFirst()).late();
    }

    @Nested
    class What_is_due {
        @Test
        void is_started_once_with_the_due_time_in_its_key() throws SQLException {
            begins("sweep", "0 14 * * *", "Europe/Berlin", MONDAY_NOON.minusSeconds(1));

            Result first = at(MONDAY_NOON);
            Result second = at(MONDAY_NOON.plusSeconds(1));

            assertThat(first.success()).isTrue();
            assertThat(count(first, "started")).isEqualTo(1);
            assertThat(second.details().get("started")).isEqualTo(List.of());
            assertThat(keys("sweep")).containsExactly("schedule:sweep:2026-06-01T12:00:00Z");
            Schedule schedule = schedules.get("sweep").orElseThrow().schedule();
            assertThat(schedule.lastDue()).contains(MONDAY_NOON);
            assertThat(jobs.execution(schedule.lastExecution().orElseThrow()).orElseThrow())
                    .satisfies(execution -> {
                        assertThat(execution.parameters()).isEqualTo(OF_TEN_DAYS);
                        assertThat(execution.createdBy()).isEqualTo("schedule");
                    });
        }

        /** Mutant: the last due time is not looked at. */
        @Test
        void is_not_started_again_when_its_execution_is_forgotten() throws SQLException {
            begins("sweep", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));
            at(MONDAY_NOON);
            update("""
                    delete from job_execution
                    """);

            at(MONDAY_NOON.plusSeconds(60));

            assertThat(keys("sweep")).isEmpty();
        }

        /** Mutant: a key without the due time. */
        @Test
        void the_day_after_is_another_execution() throws SQLException {
            begins("look", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));

            at(MONDAY_NOON);
            at(MONDAY_NOON.plus(Duration.ofDays(1)));

            assertThat(keys("look"))
                    .containsExactly("schedule:look:2026-06-01T12:00:00Z", "schedule:look:2026-06-02T12:00:00Z");
        }

        @Test
        void before_the_schedule_was_made_is_not_started() throws SQLException {
            begins("sweep", "0 12 * * *", "UTC", MONDAY_NOON.plusSeconds(1));

            at(MONDAY_NOON.plusSeconds(2));

            assertThat(keys("sweep")).isEmpty();
        }

        @Test
        void is_known_by_the_clock_of_the_database() {
            stored("sweep", "0 0 1 1 *", "UTC");

            Result now = task().activate();

            assertThat(now.details().get("started")).isEqualTo(List.of());
            assertThat(now.details()).containsEntry("schedules", 1L).containsEntry("enabled", 1L);
        }

        @Test
        void while_it_is_not_enabled_is_not_started() throws SQLException {
            schedules.put("sweep", new Schedules.Wish("0 12 * * *", "UTC", OF_TEN_DAYS, false), "test");
            changedAt("sweep", MONDAY_NOON.minusSeconds(1));

            at(MONDAY_NOON);

            assertThat(keys("sweep")).isEmpty();
        }
    }

    /** Mutant: every one that was missed is started. */
    @Test
    void of_three_that_were_missed_the_latest_is_started_once() throws SQLException {
        begins("look", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));

        at(MONDAY_NOON.plus(Duration.ofDays(2)).plusSeconds(1));
        at(MONDAY_NOON.plus(Duration.ofDays(2)).plusSeconds(2));

        assertThat(keys("look")).containsExactly("schedule:look:2026-06-03T12:00:00Z");
    }

    /** Each has the same schedules before it, read in the same moment. Mutant: a key of each node's own. */
    @Test
    void several_nodes_at_the_same_due_time_start_one_execution()
            throws SQLException, InterruptedException, ExecutionException, TimeoutException {
        begins("look", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));
        begins("sweep", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));
        List<ScheduleTable.Row> rows = readAt(MONDAY_NOON);
        CyclicBarrier together = new CyclicBarrier(NODES);
        List<Future<Result>> nodes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < NODES; i++) {
                ScheduleTask task = task();
                nodes.add(threads.submit(() -> {
                    together.await(20, TimeUnit.SECONDS);
                    return task.serve(rows);
                }));
            }
            for (Future<Result> node : nodes) {
                assertThat(node.get(60, TimeUnit.SECONDS).success()).isTrue();
            }
        }

        assertThat(keys("look")).containsExactly("schedule:look:2026-06-01T12:00:00Z");
        assertThat(keys("sweep")).containsExactly("schedule:sweep:2026-06-01T12:00:00Z");
    }

    @Nested
    class While_the_scope_is_busy {
        @Test
        void it_waits_and_is_started_once_when_the_scope_is_free() throws SQLException {
            begins("sweep", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));
            UUID busy =
                    ((Started.Accepted) jobs.start("sweep", OF_TEN_DAYS, Optional.of("by hand"), "test")).execution();

            Result waits = at(MONDAY_NOON);
            assertThat(waits.success()).isTrue();
            assertThat(waits.details().get("waiting"))
                    .isEqualTo(List.of(
                            Map.of("job", "sweep", "due", MONDAY_NOON.toString(), "execution", busy.toString())));
            assertThat(schedules.get("sweep").orElseThrow().schedule().lastDue())
                    .isEmpty();

            ended(busy);
            Result started = at(MONDAY_NOON.plusSeconds(60));
            at(MONDAY_NOON.plusSeconds(61));

            assertThat(count(started, "started")).isEqualTo(1);
            assertThat(keys("sweep")).containsExactly("by hand", "schedule:sweep:2026-06-01T12:00:00Z");
        }
    }

    @Nested
    class In_Berlin {
        @Test
        void a_night_whose_hour_is_left_out_has_its_execution() throws SQLException {
            begins("look", "30 2 * * *", "Europe/Berlin", time("2026-03-28T12:00+01:00"));

            at(time("2026-03-29T01:59:59+01:00"));
            assertThat(keys("look")).isEmpty();
            at(time("2026-03-29T03:00+02:00"));
            at(time("2026-03-29T03:31+02:00"));

            assertThat(keys("look")).containsExactly("schedule:look:2026-03-29T01:00:00Z");
        }

        @Test
        void a_night_whose_hour_comes_twice_has_one_execution() throws SQLException {
            begins("look", "30 2 * * *", "Europe/Berlin", time("2026-10-24T12:00+02:00"));

            at(time("2026-10-25T02:30+02:00"));
            at(time("2026-10-25T02:30+01:00"));
            at(time("2026-10-25T03:30+01:00"));

            assertThat(keys("look")).containsExactly("schedule:look:2026-10-25T00:30:00Z");
        }
    }

    @Nested
    class It_looks_again {
        @Test
        void when_the_next_is_due_where_that_is_sooner_than_its_period() throws SQLException {
            begins("look", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));
            begins("sweep", "1 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));

            assertThat(at(MONDAY_NOON.minusSeconds(20)).again()).contains(Duration.ofSeconds(20));
            assertThat(at(MONDAY_NOON.plusSeconds(50)).again()).contains(Duration.ofSeconds(10));
            assertThat(at(MONDAY_NOON.minusSeconds(600)).again()).isEmpty();
        }
    }

    /** Mutant: what goes wrong with one ends the look. */
    @Test
    void one_that_cannot_be_started_is_reported_and_stops_no_other() throws SQLException {
        begins("look", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));
        begins("sweep", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));
        update("""
                insert into job_schedule (job, cron, time_zone, parameters, enabled, changed_at, changed_by)
                values ('gone', '0 12 * * *', 'UTC', '{}', true, ?, 'test'), ('bad', 'x', 'UTC', '{}', true, ?, 'test')
                """, MONDAY_NOON.minusSeconds(1).atOffset(ZoneOffset.UTC), MONDAY_NOON.atOffset(ZoneOffset.UTC));
        update("""
                update job_schedule
                set parameters = '{"weeks": "2"}'
                where job = 'look'
                """);

        Result result = at(MONDAY_NOON);

        assertThat(result.success()).isFalse();
        assertThat(count(result, "failed")).isEqualTo(3);
        assertThat(String.valueOf(result.details().get("failed")))
                .contains("this node has no job of that name", "look takes days", "give five");
        assertThat(keys("sweep")).hasSize(1);
        assertThat(schedules.get("gone").orElseThrow().schedule().lastDue()).isEmpty();
    }

    /** As where a schedule is changed in the moment it is due: both nodes hold it due, each as it read it. */
    @Test
    void a_due_time_that_another_version_of_the_schedule_has_served_is_served() throws SQLException {
        begins("look", "0 12 * * *", "UTC", MONDAY_NOON.minusSeconds(1));
        List<ScheduleTable.Row> before = readAt(MONDAY_NOON);
        schedules.put("look", new Schedules.Wish("0 12 * * *", "UTC", Map.of("days", "11"), true), "test");
        changedAt("look", MONDAY_NOON.minusSeconds(1));

        task().serve(before);
        update("""
                update job_schedule
                set last_due = null,
                  last_execution = null
                """);
        Result result = at(MONDAY_NOON);

        assertThat(result.success()).isTrue();
        assertThat(keys("look")).containsExactly("schedule:look:2026-06-01T12:00:00Z");
        assertThat(schedules.get("look").orElseThrow().schedule().lastDue()).contains(MONDAY_NOON);
    }
}
