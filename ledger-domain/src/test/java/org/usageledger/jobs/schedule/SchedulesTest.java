package org.usageledger.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.OnFreshDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class SchedulesTest extends ScheduleSituation {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private Written put(String job, String cron, String timeZone, Map<String, String> parameters) {
        return schedules.put(job, new Schedules.Wish(cron, timeZone, parameters, true), "test");
    }

    @Test
    void one_that_is_stored_is_shown_with_its_first_and_next_due_time() {
        ScheduleView view = stored("sweep", " 30  3 * * * ", "Europe/Berlin");

        assertThat(view.schedule().cron()).isEqualTo("30 3 * * *");
        assertThat(view.schedule().timeZone()).isEqualTo("Europe/Berlin");
        assertThat(view.schedule().parameters()).isEqualTo(OF_TEN_DAYS);
        assertThat(view.schedule().changedBy()).isEqualTo("test");
        assertThat(view.schedule().lastDue()).isEmpty();
        Instant first = view.firstDue().orElseThrow();
        assertThat(first.atZone(BERLIN).toLocalTime()).hasToString("03:30");
        assertThat(first).isAfter(view.schedule().changedAt());
        assertThat(Duration.between(view.schedule().changedAt(), first)).isLessThanOrEqualTo(Duration.ofHours(25));
        assertThat(view.nextDue()).contains(first);
        assertThat(view.waiting()).isEmpty();
        assertThat(schedules.get("sweep")).contains(view);
        assertThat(schedules.list()).containsExactly(view);
        assertThat(rung).hasValue(1);
    }

    @Nested
    class Refused_with_nothing_stored {
        @Test
        void is_one_of_a_job_that_nobody_knows() {
            assertThat(put("mow", "0 3 * * *", "UTC", OF_TEN_DAYS)).isEqualTo(new Written.NoSuchJob("mow"));
            assertThat(schedules.list()).isEmpty();
        }

        @Test
        void is_one_with_parameters_that_the_job_does_not_take() {
            assertThat(put("sweep", "0 3 * * *", "UTC", Map.of("weeks", "2")))
                    .isEqualTo(new Written.BadParameters("sweep takes days and nothing else"));
            assertThat(schedules.list()).isEmpty();
        }

        @Test
        void is_one_with_a_wrong_field() {
            assertThat(put("sweep", "0 25 * * *", "UTC", OF_TEN_DAYS))
                    .isInstanceOfSatisfying(
                            Written.BadCron.class,
                            bad -> assertThat(bad.field()).contains("hour"));
            assertThat(schedules.list()).isEmpty();
        }

        @Test
        void is_one_in_a_time_zone_that_has_no_name() {
            for (String zone : new String[] {"Berlin", "+02:00", "UTC+2", "", "CEST"}) {
                assertThat(put("sweep", "0 3 * * *", zone, OF_TEN_DAYS))
                        .as(zone)
                        .isInstanceOf(Written.BadTimeZone.class);
            }
            assertThat(put("sweep", "0 3 * * *", "europe/berlin", OF_TEN_DAYS))
                    .isEqualTo(new Written.BadTimeZone(
                            "The time zone \"europe/berlin\" is not known; did you mean Europe/Berlin?"));
            assertThat(schedules.list()).isEmpty();
        }

        @Test
        void and_the_one_before_holds_on() {
            ScheduleView before = stored("sweep", "0 3 * * *", "UTC");

            put("sweep", "0 25 * * *", "UTC", OF_TEN_DAYS);

            assertThat(schedules.get("sweep").orElseThrow().schedule()).isEqualTo(before.schedule());
        }
    }

    @Test
    void a_wish_repeated_leaves_it_as_it_is_and_another_begins_anew() throws SQLException {
        stored("sweep", "0 3 * * *", "UTC");
        Instant begun = Instant.parse("2026-01-01T00:00:00Z");
        changedAt("sweep", begun);

        assertThat(stored("sweep", "0 3 * * *", "UTC").schedule().changedAt()).isEqualTo(begun);
        assertThat(stored("sweep", "0 4 * * *", "UTC").schedule().changedAt()).isAfter(begun);
    }

    @Test
    void one_that_is_not_enabled_has_no_times_to_come() {
        Written written = schedules.put("sweep", new Schedules.Wish("* * * * *", "UTC", OF_TEN_DAYS, false), "test");

        assertThat(written).isInstanceOfSatisfying(Written.Stored.class, stored -> {
            assertThat(stored.view().nextDue()).isEmpty();
            assertThat(stored.view().firstDue()).isEmpty();
        });
    }

    @Test
    void one_that_is_deleted_is_gone_and_cannot_be_deleted_again() {
        stored("sweep", "0 3 * * *", "UTC");

        assertThat(schedules.delete("sweep")).isTrue();
        assertThat(schedules.delete("sweep")).isFalse();
        assertThat(schedules.list()).isEmpty();
    }

    /** As where a node with an older list of time zones reads what a newer one stored. */
    @Test
    void one_that_this_node_cannot_read_is_shown_with_the_problem() throws SQLException {
        stored("look", "0 3 * * *", "UTC");
        stored("sweep", "0 3 * * *", "UTC");
        update("""
                update job_schedule
                set time_zone = 'Mars/Olympus'
                where job = 'sweep'
                """);

        assertThat(schedules.get("sweep").orElseThrow().problem().orElseThrow()).contains("Mars/Olympus");
        assertThat(schedules.get("look").orElseThrow().problem()).isEmpty();
    }

    @Test
    void what_was_served_is_noted_and_never_goes_back() throws SQLException {
        stored("sweep", "0 3 * * *", "UTC");
        UUID execution = UUID.randomUUID();
        Instant due = Instant.parse("2026-01-02T03:00:00Z");
        try (var connection = database.open()) {
            ScheduleTable.served(connection, "sweep", due, execution);
            ScheduleTable.served(connection, "sweep", due.minusSeconds(86_400), UUID.randomUUID());
        }

        Schedule schedule = schedules.get("sweep").orElseThrow().schedule();
        assertThat(schedule.lastDue()).contains(due);
        assertThat(schedule.lastExecution()).contains(execution);
    }
}
