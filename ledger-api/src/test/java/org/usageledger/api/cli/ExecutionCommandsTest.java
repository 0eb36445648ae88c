package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class ExecutionCommandsTest {
    private static final Reply STARTED = Reply.json("{\"id\":\"e-1\",\"job\":\"check\",\"state\":\"pending\"}")
            .withStatus(202);

    @Nested
    class a_check {
        @Test
        void that_finds_nothing_ends_with_success() throws IOException {
            try (StandIn service = StandIn.inOrder(
                    STARTED, state("running", ""), state("done", "\"positions\":4711,\"windows\":5,\"findings\":[]"))) {
                CommandRun run = CommandRun.against(service).run("check");

                assertThat(run.code()).isZero();
                assertThat(run.out()).isEqualTo("positions: 4711\nwindows: 5\nAll is as it should be.\n");
                assertThat(service.asked().stream().map(asked -> asked.method() + " " + asked.path()))
                        .containsExactly(
                                "POST /v1/jobs/check/executions", "GET /v1/executions/e-1", "GET /v1/executions/e-1");
            }
        }

        @Test
        void that_finds_something_lists_it_and_fails() throws IOException {
            try (StandIn service = StandIn.inOrder(
                    STARTED,
                    state("done", "\"findings\":[\"position 7 is missing\",{\"window\":3,\"differs\":\"hash\"}]"))) {
                CommandRun run = CommandRun.against(service).run("check");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.out()).isEqualTo("""
                                DIFFERS: position 7 is missing
                                DIFFERS: {"window":3,"differs":"hash"}
                                2 findings.
                                """);
            }
        }

        @Test
        void that_could_not_finish_is_no_success() throws IOException {
            try (StandIn service = StandIn.inOrder(STARTED, state("failed", "\"findings\":[]"))) {
                CommandRun run = CommandRun.against(service).run("check");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.out()).contains("The check is failed: disk full");
            }
        }

        @Test
        void as_json_is_the_execution_whole() throws IOException {
            try (StandIn service = StandIn.inOrder(STARTED, state("done", "\"findings\":[1]"))) {
                CommandRun run = CommandRun.against(service).run("check", "--json");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.out())
                        .isEqualTo("{\"id\":\"e-1\",\"job\":\"check\",\"state\":\"done\",\"error\":\"disk full\","
                                + "\"report\":{\"findings\":[1]}}\n");
            }
        }

        @Test
        void while_another_runs_says_what_the_service_says() throws IOException {
            try (StandIn service = StandIn.inOrder(
                    Reply.problem(409, "{\"detail\":\"The check e-0 is still running.\",\"id\":\"e-0\"}"))) {
                CommandRun run = CommandRun.against(service).run("check");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err()).isEqualTo("The check e-0 is still running.\n");
            }
        }
    }

    @Nested
    class a_job {
        @Test
        void is_started_with_its_parameters() throws IOException {
            try (StandIn service = StandIn.inOrder(STARTED)) {
                CommandRun run =
                        CommandRun.against(service).run("jobs", "start", "rebuild", "--set", "projection=running");

                assertThat(run.code()).isZero();
                assertThat(run.out()).isEqualTo("{\"id\":\"e-1\",\"job\":\"check\",\"state\":\"pending\"}\n");
                Asked asked = service.asked().getFirst();
                assertThat(asked.path()).isEqualTo("/v1/jobs/rebuild/executions");
                assertThat(asked.text()).matches("\\{\"request_key\":\"[0-9a-f-]{36}\",\"projection\":\"running\"}");
            }
        }

        @Test
        void that_is_waited_for_and_fails_fails_the_command() throws IOException {
            try (StandIn service = StandIn.inOrder(STARTED, state("stuck", ""))) {
                assertThat(CommandRun.against(service)
                                .run("jobs", "start", "rebuild", "--wait")
                                .code())
                        .isEqualTo(1);
            }
        }

        @Test
        void needs_to_be_named() {
            assertThat(CommandRun.of("jobs", "start").code()).isEqualTo(2);
            assertThat(CommandRun.of("jobs", "show").code()).isEqualTo(2);
            assertThat(CommandRun.of("jobs", "activate").code()).isEqualTo(2);
        }
    }

    @Test
    void executions_are_listed_or_shown() throws IOException {
        Reply list = Reply.json("{\"executions\":[{\"id\":\"e-1\",\"job\":\"rebuild\",\"state\":\"done\","
                + "\"requested_at\":\"2026-01-01T00:00:00Z\",\"ended_at\":\"2026-01-01T00:00:09Z\"}]}");
        try (StandIn service = StandIn.inOrder(list, state("done", ""))) {
            assertThat(CommandRun.against(service).run("executions", "--table").out())
                    .isEqualTo("""
                            ID   JOB      STATE  REQUESTED             ENDED                 NODE  POSITION  GOAL  EXPECTED
                            e-1  rebuild  done   2026-01-01T00:00:00Z  2026-01-01T00:00:09Z  -            -     -  -
                            """);
            assertThat(CommandRun.against(service).run("executions", "e-1").out())
                    .startsWith("{\"id\":\"e-1\",")
                    .endsWith("}\n");
        }
    }

    private static Reply state(String state, String report) {
        return Reply.json("{\"id\":\"e-1\",\"job\":\"check\",\"state\":\"" + state
                + "\",\"error\":\"disk full\",\"report\":{" + report + "}}");
    }
}
