package org.usageledger.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

class SchedulesOverHttpTest {
    private static final String NIGHTLY = """
            {"cron":"30  3 * * *","time_zone":"Europe/Berlin","parameters":{"projection":"running"}}
            """;
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    @AfterEach
    void takeAway() {
        delete("rebuild");
    }

    private static Answer put(String job, String body) {
        return ledger.send(ledger.request("/v1/jobs/" + job + "/schedule", "Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    }

    private static Answer delete(String job) {
        return ledger.send(ledger.request("/v1/jobs/" + job + "/schedule").DELETE());
    }

    private static JsonNode list() {
        return ledger.get("/v1/schedules").json().path("schedules");
    }

    @Test
    void one_that_is_put_is_shown_and_listed_until_it_is_deleted() {
        Answer stored = put("rebuild", NIGHTLY);

        assertThat(stored.status()).as(stored.toString()).isEqualTo(200);
        JsonNode schedule = stored.json();
        assertThat(schedule.path("job").asText()).isEqualTo("rebuild");
        assertThat(schedule.path("cron").asText()).isEqualTo("30 3 * * *");
        assertThat(schedule.path("parameters").toString()).isEqualTo("{\"projection\":\"running\"}");
        assertThat(schedule.path("enabled").asBoolean()).isTrue();
        assertThat(schedule.path("changed_by").asText()).isEqualTo("unauthenticated");
        assertThat(schedule.path("first_due").asText())
                .isEqualTo(schedule.path("next_due").asText())
                .matches(".*T0[12]:30:00Z");
        assertThat(list()).singleElement().isEqualTo(schedule);

        assertThat(delete("rebuild").status()).isEqualTo(204);
        assertThat(list()).isEmpty();
        assertThat(delete("rebuild").problem()).isEqualTo("schedule-not-found");
    }

    @Test
    void one_that_is_not_enabled_is_kept_without_times_to_come() {
        JsonNode schedule =
                put("rebuild", NIGHTLY.replace("}}", "},\"enabled\":false}")).json();

        assertThat(schedule.path("enabled").asBoolean()).isFalse();
        assertThat(schedule.path("next_due").isNull()).isTrue();
    }

    @Nested
    class Refused_with_nothing_stored {

        private void refused(Answer answer, int status, String problem, String... said) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
            assertThat(answer.problem()).isEqualTo(problem);
            assertThat(answer.json().path("detail").asText()).contains(said);
            assertThat(list()).isEmpty();
        }

        @Test
        void is_one_of_an_unknown_job() {
            refused(put("mow", NIGHTLY), 404, "job-not-found", "mow", "rebuild");
        }

        @Test
        void is_one_in_an_unknown_time_zone() {
            Answer answer = put("rebuild", NIGHTLY.replace("Europe/Berlin", "Berlin"));

            refused(answer, 400, "bad-time-zone", "\"Berlin\"", "Europe/Berlin");
            assertThat(answer.json().path("parameter").asText()).isEqualTo("time_zone");
        }

        @Test
        void is_one_with_a_bad_field_which_is_named() {
            Answer answer = put("rebuild", NIGHTLY.replace("30  3", "30 24"));

            refused(answer, 400, "bad-cron", "hour", "\"24\"", "0 to 23");
            assertThat(answer.json().path("parameter").asText()).isEqualTo("cron");
            assertThat(answer.json().path("cron_field").asText()).isEqualTo("hour");
        }

        @Test
        void is_one_that_is_no_expression_at_all() {
            Answer answer = put("rebuild", NIGHTLY.replace("30  3 * * *", "daily"));

            refused(answer, 400, "bad-cron", "five");
            assertThat(answer.json().has("cron_field")).isFalse();
        }

        @Test
        void is_one_with_parameters_that_the_job_refuses() {
            refused(put("rebuild", NIGHTLY.replace("running", "none")), 400, "bad-job-parameter", "rebuild");
        }

        @Test
        void is_one_that_is_malformed() {
            refused(put("rebuild", "{\"cron\":\"0 3 * * *\"}"), 400, "malformed-body", "\"time_zone\" is missing");
            refused(put("rebuild", ""), 400, "malformed-body", "\"cron\" is missing");
            refused(put("rebuild", "[]"), 400, "malformed-body", "no JSON object");
            refused(put("rebuild", NIGHTLY.replace("cron", "chron")), 400, "malformed-body", "\"chron\"");
            refused(put("rebuild", NIGHTLY.replace("}}", "},\"enabled\":\"yes\"}")), 400, "malformed-body", "enabled");
            refused(
                    put("rebuild", "{\"cron\":\"0 3 * * *\",\"time_zone\":\"UTC\",\"parameters\":[]}"),
                    400,
                    "malformed-body",
                    "\"parameters\" is no JSON object");
            refused(put("rebuild", NIGHTLY + NIGHTLY), 400, "malformed-body", "follows");
        }
    }
}
