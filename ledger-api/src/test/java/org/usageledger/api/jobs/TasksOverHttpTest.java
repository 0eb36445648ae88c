package org.usageledger.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;

class TasksOverHttpTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static Answer activate(String path) {
        return ledger.post(path + "/activate", "application/json", bytes(""));
    }

    /** Nothing that has a field, while the node has reported nothing yet. */
    private static JsonNode report(String node) {
        for (JsonNode report : ledger.get("/v1/tasks/job_recovery").json().path("reports")) {
            if (report.path("node").asText().equals(node)) {
                return report;
            }
        }
        return MissingNode.getInstance();
    }

    @Test
    void a_task_is_reported_in_its_own_words_beside_those_that_all_have() {
        String here = ledger.get("/v1/tasks/job_recovery").json().path("node").asText();
        Await.untilTrue(
                DEADLINE,
                () -> report(here).toString(),
                () -> report(here).path("last").isObject());
        JsonNode report = report(here);

        assertThat(report.path("task").asText()).isEqualTo("job_recovery");
        assertThat(report.path("schema").asInt()).isEqualTo(1);
        assertThat(report.path("process_gone").asBoolean()).isFalse();
        assertThat(report.path("up_ms").asLong()).isPositive();
        assertThat(report.path("period_ms").asLong()).isPositive();
        assertThat(report.at("/last/outcome").asText()).isEqualTo("success");
        assertThat(report.at("/since_start/claimed_without_local").isIntegralNumber())
                .isTrue();
        assertThat(report.at("/local/running").isIntegralNumber()).isTrue();
        assertThat(report.at("/last_pass/kind").asText()).isEqualTo("completed");
        assertThat(ledger.get("/v1/tasks").text()).contains("\"schedules\"", "\"job_recovery\"");
        assertThat(ledger.get("/v1/tasks?node=" + here).json().at("/tasks/0/reports"))
                .hasSize(1);
    }

    @Test
    void an_activation_that_is_asked_for_is_done() {
        String here = ledger.get("/v1/tasks/job_recovery").json().path("node").asText();
        long before = report(here).at("/last/iteration").asLong();

        Answer answer = activate("/v1/tasks/job_recovery");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        assertThat(answer.json().toString()).isEqualTo("{\"node\":\"" + here + "\",\"activated\":[\"job_recovery\"]}");
        Await.untilTrue(
                DEADLINE,
                () -> report(here).toString(),
                () -> report(here).at("/last/iteration").asLong() > before);
        assertThat(activate("/v1/jobs/demo").json().path("activated").toString())
                .isEqualTo("[\"job_recovery\",\"schedules\"]");
    }

    @Test
    void what_there_is_not_is_refused() {
        assertThat(ledger.get("/v1/tasks/none").problem()).isEqualTo("task-not-found");
        assertThat(ledger.get("/v1/tasks?node=none").problem()).isEqualTo("bad-parameter");
        assertThat(activate("/v1/tasks/none").problem()).isEqualTo("task-not-found");
        assertThat(activate("/v1/jobs/none").problem()).isEqualTo("job-not-found");
        assertThat(ledger.get("/v1/jobs/none").problem()).isEqualTo("job-not-found");
    }

    @Test
    void a_node_that_is_gone_has_its_last_report() {
        LiveService other = ledger.another();
        String gone = other.get("/v1/tasks/job_recovery").json().path("node").asText();
        Await.untilTrue(
                DEADLINE,
                () -> report(gone).toString(),
                () -> report(gone).path("last").isObject());
        assertThat(report(gone).path("process_gone").asBoolean()).isFalse();
        other.close();

        Await.untilTrue(
                DEADLINE,
                () -> report(gone).toString(),
                () -> report(gone).path("process_gone").asBoolean());
        assertThat(report(gone).path("up_ms").isNull()).isTrue();
        assertThat(report(gone).path("unseen_ms").asLong()).isPositive();
        assertThat(report(gone).path("since_start").isObject()).isTrue();
    }

    @Test
    void a_job_says_what_it_does_and_when_it_starts_by_itself() {
        ledger.send(
                ledger.request("/v1/jobs/rebuild/schedule", "Content-Type", "application/json")
                        .PUT(
                                java.net.http.HttpRequest.BodyPublishers.ofString(
                                        "{\"cron\":\"30 3 * * *\",\"time_zone\":\"UTC\",\"parameters\":{\"projection\":\"running\"}}")));

        JsonNode job = ledger.get("/v1/jobs/rebuild").json();

        assertThat(job.path("description").asText()).isNotEmpty();
        assertThat(job.at("/schedule/cron").asText()).isEqualTo("30 3 * * *");
        assertThat(ledger.get("/v1/jobs/demo").json().path("schedule").isNull()).isTrue();
        assertThat(ledger.get("/v1/jobs").json().path("jobs")).contains(job);
    }
}
