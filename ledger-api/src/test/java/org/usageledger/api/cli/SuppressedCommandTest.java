package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class SuppressedCommandTest {
    private static final String STOP = """
            {"number":3,"reason":"already_ended","suppressed_at":"2026-01-02T00:00:00Z","occurred_at":"2026-01-01T00:00:00Z",\
            "guid":"event-g","task":"task-g","previous_state":"RUNNING","app":"app-g","space":"space-g",\
            "organization":"org-g","recorded_position":44}""";

    @Test
    void as_a_table_names_task_reason_and_times() throws IOException {
        try (StandIn service = StandIn.inOrder(Reply.json("{\"suppressed\":[" + STOP + "],\"next\":null}"))) {
            CommandRun run = CommandRun.against(service).run("suppressed", "--table");

            assertThat(run.code()).isZero();
            assertThat(run.out()).isEqualTo("""
                            NUMBER  REASON         SUPPRESSED            OCCURRED              TASK    PREVIOUS  RECORDED
                                 3  already_ended  2026-01-02T00:00:00Z  2026-01-01T00:00:00Z  task-g  RUNNING         44
                            """);
        }
    }

    @Test
    void goes_on_page_by_page() throws IOException {
        try (StandIn service = StandIn.inOrder(
                Reply.json("{\"suppressed\":[" + STOP + "],\"next\":3}"),
                Reply.json("{\"suppressed\":[],\"next\":null}"))) {
            CommandRun run = CommandRun.against(service).run("suppressed", "--after", "2");

            assertThat(run.out()).isEqualTo(STOP + "\n");
            assertThat(service.asked().stream().map(Asked::path))
                    .containsExactly("/v1/suppressed?after=2&limit=1000", "/v1/suppressed?after=3&limit=1000");
        }
    }
}
