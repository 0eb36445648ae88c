package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class OperatingCommandsTest {
    private static Reply executions(String... objects) {
        return Reply.json("{\"executions\":[" + String.join(",", objects) + "]}");
    }

    private static String execution(String id, String state, int chunks) {
        return "{\"id\":\"" + id + "\",\"job\":\"demo\",\"state\":\"" + state + "\",\"report\":{\"chunks\":" + chunks
                + "}}";
    }

    @ParameterizedTest
    @CsvSource({
        "executions cancel, /v1/executions/x%2F1/cancel, '{\"reason\":\"why not\"}'",
        "executions abandon, /v1/executions/x%2F1/abandon, '{\"reason\":\"why not\",\"force\":false}'",
        "nodes quiesce, /v1/nodes/x%2F1/quiesce, '{\"reason\":\"why not\"}'",
        "nodes expunge, /v1/nodes/x%2F1/expunge, '{\"reason\":\"why not\",\"force\":false}'"
    })
    void what_is_stopped_is_stopped_with_a_reason(String command, String path, String body) throws IOException {
        String[] words = command.split(" ", -1);
        try (StandIn service = StandIn.inOrder(
                Reply.json("{\"id\":\"x/1\"}"), Reply.problem(409, "{\"detail\":\"Do something else.\"}"))) {
            CommandRun run = CommandRun.against(service).run(words[0], words[1], "x/1", "--reason", "why not");

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).isEqualTo("{\"id\":\"x/1\"}\n");
            Asked asked = service.asked().getFirst();
            assertThat(asked.method() + " " + asked.path()).isEqualTo("POST " + path);
            assertThat(asked.text()).isEqualTo(body);
            CommandRun refused = CommandRun.against(service).run(words[0], words[1], "x/1", "--reason", "why not");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).isEqualTo("Do something else.\n");
        }
        assertThat(CommandRun.of(words[0], words[1], "x/1").code())
                .as("without a reason")
                .isEqualTo(2);
    }

    @Test
    void force_is_said_where_there_is_any() throws IOException {
        try (StandIn service = StandIn.inOrder(Reply.json("{}"), Reply.json("{}"))) {
            CommandRun.against(service).run("executions", "abandon", "e", "--reason", "x", "--force");
            CommandRun.against(service).run("nodes", "expunge", "n", "--reason", "x", "--force");

            assertThat(service.asked()).extracting(Asked::text).containsOnly("{\"reason\":\"x\",\"force\":true}");
        }
        assertThat(CommandRun.of("nodes", "quiesce", "n", "--reason", "x", "--force")
                        .code())
                .isEqualTo(2);
    }

    @Nested
    class executions {
        @Test
        void are_asked_for_by_job_state_and_standstill() throws IOException {
            try (StandIn service = StandIn.inOrder(executions(execution("e-1", "running", 1)))) {
                CommandRun run = CommandRun.against(service)
                        .run("executions", "--job", "demo", "--state", "running", "--stale", "30m", "--limit", "7");

                assertThat(run.code()).as(run.err()).isZero();
                assertThat(run.out()).isEqualTo(execution("e-1", "running", 1) + "\n");
                assertThat(service.asked().getFirst().path())
                        .isEqualTo("/v1/executions?job=demo&state=running&stale=PT30M&limit=7");
            }
            assertThat(CommandRun.of("executions", "--state", "gone").code()).isEqualTo(2);
            assertThat(CommandRun.of("executions", "--stale", "long").code()).isEqualTo(2);
        }

        @Test
        void that_change_are_printed_again_while_they_are_followed() throws IOException {
            try (StandIn service = StandIn.inOrder(
                    executions(execution("e-2", "running", 1), execution("e-1", "done", 9)),
                    executions(
                            execution("e-3", "pending", 0),
                            execution("e-2", "running", 2),
                            execution("e-1", "done", 9)),
                    Reply.text(400, "enough"))) {
                CommandRun run = CommandRun.against(service).run("executions", "--follow");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.out().lines())
                        .containsExactly(
                                execution("e-2", "running", 1),
                                execution("e-1", "done", 9),
                                execution("e-2", "running", 2),
                                execution("e-3", "pending", 0));
            }
        }

        @Test
        void one_is_shown_and_followed_until_it_rests() throws IOException {
            try (StandIn service = StandIn.inOrder(
                    Reply.json(execution("e-1", "running", 1)),
                    Reply.json(execution("e-1", "running", 1)),
                    Reply.json(execution("e-1", "done", 2)),
                    Reply.json(execution("e-1", "running", 1)),
                    Reply.json(execution("e-1", "stuck", 2)))) {
                assertThat(CommandRun.against(service)
                                .run("executions", "show", "e-1")
                                .out())
                        .isEqualTo("id: e-1\njob: demo\nstate: running\nreport:\n  chunks: 1\n");
                CommandRun followed =
                        CommandRun.against(service).run("executions", "show", "e-1", "--follow", "--json");
                assertThat(followed.code()).isZero();
                assertThat(followed.out()).isEqualTo(execution("e-1", "done", 2) + "\n");
                assertThat(CommandRun.against(service)
                                .run("executions", "show", "e-1", "--follow")
                                .code())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void nodes_are_listed_and_shown() throws IOException {
        String node = "{\"id\":\"n1\",\"incarnation\":3,\"state\":\"active\",\"heard\":true,\"executions\":2,"
                + "\"started_at\":\"2026-01-01T00:00:00Z\",\"seen_at\":\"2026-01-01T00:00:09Z\",\"expunged\":null}";
        Reply list = Reply.json("{\"nodes\":[" + node + "]}");
        try (StandIn service = StandIn.inOrder(list, list, Reply.json(node))) {
            assertThat(CommandRun.against(service).run("nodes", "--table").out())
                    .isEqualTo("""
                            ID  INCARNATION  STATE   HEARD  EXECUTIONS  STARTED               SEEN
                            n1            3  active  true            2  2026-01-01T00:00:00Z  2026-01-01T00:00:09Z
                            """);
            assertThat(CommandRun.against(service)
                            .run("nodes", "list", "--json")
                            .out())
                    .isEqualTo(node + "\n");
            assertThat(CommandRun.against(service).run("nodes", "show", "n1").out())
                    .isEqualTo("""
                            id: n1
                            incarnation: 3
                            state: active
                            heard: true
                            executions: 2
                            started_at: 2026-01-01T00:00:00Z
                            seen_at: 2026-01-01T00:00:09Z
                            """);
        }
    }

    @Test
    void jobs_and_tasks_are_listed() throws IOException {
        Reply jobs =
                Reply.json("{\"jobs\":[{\"name\":\"check\",\"description\":\"Checks.\",\"latest\":{\"state\":\"done\"},"
                        + "\"schedule\":{\"next_due\":\"2026-01-01T03:00:00Z\"}}]}");
        Reply tasks =
                Reply.json("{\"tasks\":[{\"name\":\"schedules\",\"description\":\"Starts.\",\"reports\":[{},{}]}]}");
        try (StandIn service = StandIn.inOrder(jobs, jobs, tasks)) {
            String table = """
                    JOB    LATEST  REQUESTED  ENDED  NEXT DUE              WHAT IT DOES
                    check  done    -          -      2026-01-01T03:00:00Z  Checks.
                    """;
            assertThat(CommandRun.against(service).run("jobs", "--table").out()).isEqualTo(table);
            assertThat(CommandRun.against(service)
                            .run("jobs", "list", "--table")
                            .out())
                    .isEqualTo(table);
            assertThat(CommandRun.against(service)
                            .run("jobs", "list", "--tasks", "--table")
                            .out())
                    .isEqualTo("TASK       NODES  WHAT IT DOES\nschedules      2  Starts.\n");
        }
    }

    @Test
    void a_task_or_a_job_is_activated() throws IOException {
        Reply woken =
                Reply.json("{\"node\":\"n1\",\"activated\":[\"job_recovery\"]}").withStatus(202);
        Reply none = Reply.problem(404, "{\"detail\":\"There is none.\"}");
        try (StandIn service = StandIn.inOrder(woken, none, woken, none, none)) {
            assertThat(CommandRun.against(service)
                            .run("jobs", "activate", "check")
                            .out())
                    .isEqualTo("{\"node\":\"n1\",\"activated\":[\"job_recovery\"]}\n");
            assertThat(CommandRun.against(service)
                            .run("jobs", "activate", "job_recovery")
                            .code())
                    .isZero();
            assertThat(service.asked())
                    .extracting(Asked::path)
                    .containsExactly(
                            "/v1/jobs/check/activate",
                            "/v1/jobs/job_recovery/activate",
                            "/v1/tasks/job_recovery/activate");
            CommandRun nothing = CommandRun.against(service).run("jobs", "activate", "none");
            assertThat(nothing.code()).isEqualTo(1);
            assertThat(nothing.err()).isEqualTo("There is none.\n");
        }
    }
}
