package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class ScheduleCommandsTest {
    private static final String NIGHTLY = "{\"job\":\"check\",\"cron\":\"30 3 * * *\",\"time_zone\":\"Europe/Berlin\","
            + "\"parameters\":{},\"enabled\":true,\"next_due\":\"2026-05-30T01:30:00Z\",\"waiting_since\":null,"
            + "\"last_due\":\"2026-05-29T01:30:00Z\",\"last_execution\":\"e-1\",\"problem\":null}";

    @Test
    void a_schedule_is_sent_whole_and_said_when_it_is_due() throws IOException {
        try (StandIn service = StandIn.inOrder(Reply.json(NIGHTLY))) {
            CommandRun run = CommandRun.against(service)
                    .run(
                            "jobs",
                            "schedule",
                            "check",
                            "--cron",
                            "30 3 * * *",
                            "--time-zone",
                            "Europe/Berlin",
                            "--parameter",
                            "projection=running",
                            "--parameter",
                            "deep=yes");

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).isEqualTo(NIGHTLY + "\n");
            assertThat(run.err()).isEqualTo("It is due next at 2026-05-30T01:30:00Z.\n");
            Asked asked = service.asked().getFirst();
            assertThat(asked.method() + " " + asked.path()).isEqualTo("PUT /v1/jobs/check/schedule");
            assertThat(asked.text())
                    .isEqualTo("{\"cron\":\"30 3 * * *\",\"time_zone\":\"Europe/Berlin\","
                            + "\"parameters\":{\"projection\":\"running\",\"deep\":\"yes\"},\"enabled\":true}");
        }
    }

    @Test
    void one_that_is_disabled_is_said_to_start_nothing() throws IOException {
        try (StandIn service = StandIn.inOrder(Reply.json("{\"job\":\"check\",\"next_due\":null}"))) {
            CommandRun run = CommandRun.against(service)
                    .run("jobs", "schedule", "check", "--cron", "0 3 * * *", "--time-zone", "UTC", "--disabled");

            assertThat(run.err()).isEqualTo("It starts nothing: it is not enabled.\n");
            assertThat(service.asked().getFirst().text()).endsWith("\"enabled\":false}");
        }
    }

    @Test
    void off_takes_it_away() throws IOException {
        try (StandIn service = StandIn.inOrder(new Reply(204, Map.of(), "", false))) {
            CommandRun run = CommandRun.against(service).run("jobs", "schedule", "check", "--off");

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.err()).isEqualTo("The job check no longer starts by itself.\n");
            Asked asked = service.asked().getFirst();
            assertThat(asked.method() + " " + asked.path()).isEqualTo("DELETE /v1/jobs/check/schedule");
        }
    }

    @Test
    void what_the_service_refuses_is_said_and_fails() throws IOException {
        try (StandIn service = StandIn.inOrder(
                Reply.problem(400, "{\"detail\":\"The cron expression's hour is \\\"25\\\"; give 0 to 23.\"}"),
                Reply.problem(404, "{\"detail\":\"\\\"check\\\" has none.\"}"))) {
            CommandRun bad = CommandRun.against(service)
                    .run("jobs", "schedule", "check", "--cron", "0 25 * * *", "--time-zone", "UTC");
            CommandRun none = CommandRun.against(service).run("jobs", "schedule", "check", "--off");

            assertThat(bad.code()).isEqualTo(1);
            assertThat(bad.err()).isEqualTo("The cron expression's hour is \"25\"; give 0 to 23.\n");
            assertThat(none.code()).isEqualTo(1);
            assertThat(none.err()).isEqualTo("\"check\" has none.\n");
        }
    }

    @Test
    void a_schedule_needs_its_times_or_off_and_not_both() {
        assertThat(CommandRun.of("jobs", "schedule", "check").code()).isEqualTo(2);
        assertThat(CommandRun.of("jobs", "schedule", "check", "--cron", "0 3 * * *")
                        .code())
                .isEqualTo(2);
        assertThat(CommandRun.of("jobs", "schedule", "check", "--off", "--cron", "0 3 * * *", "--time-zone", "UTC")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void schedules_are_listed() throws IOException {
        Reply list = Reply.json("{\"schedules\":[" + NIGHTLY + "]}");
        try (StandIn service = StandIn.inOrder(list, list)) {
            assertThat(CommandRun.against(service)
                            .run("jobs", "schedules", "--json")
                            .out())
                    .isEqualTo(NIGHTLY + "\n");
            assertThat(CommandRun.against(service)
                            .run("jobs", "schedules", "--table")
                            .out())
                    .isEqualTo("""
                            JOB    CRON        TIME ZONE      ENABLED  NEXT DUE              WAITING SINCE  LAST DUE              LAST EXECUTION  PROBLEM
                            check  30 3 * * *  Europe/Berlin  true     2026-05-30T01:30:00Z  -              2026-05-29T01:30:00Z  e-1             -
                            """);
        }
    }
}
