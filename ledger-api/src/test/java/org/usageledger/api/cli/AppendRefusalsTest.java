package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class AppendRefusalsTest {
    @Nested
    class a_refusal {
        @Test
        void of_malformed_events_names_line_field_and_problem_and_what_is_durable() throws IOException {
            String problem =
                    "{\"type\":\"https://usageledger.org/problems/malformed\",\"title\":\"Malformed\",\"errors\":["
                            + "{\"index\":1,\"field\":\"state.current\",\"problem\":\"must be text\"},"
                            + "{\"index\":2,\"field\":\"guid\",\"problem\":\"is missing\"}]}";
            try (StandIn service = StandIn.inOrder(Reply.problem(400, problem))) {
                CommandRun run = CommandRun.against(service)
                        .reading("\n\n" + Feed.events(1, 3))
                        .run("append", "-", "--json");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err())
                        .contains("line 4: state.current: must be text")
                        .contains("line 5: guid: is missing")
                        .contains("Nothing of the input is recorded yet.");
                assertThat(run.out())
                        .contains("\"complete\":false")
                        .contains("{\"line\":4,\"field\":\"state.current\",\"problem\":\"must be text\"}");
            }
        }

        @Test
        void of_a_conflict_stops_the_command_after_what_was_recorded_before() throws IOException {
            String problem = "{\"title\":\"Conflict\",\"events\":["
                    + "{\"index\":0,\"guid\":\"event-5001\",\"outcome\":\"conflict\",\"position\":77}]}";
            AtomicInteger requests = new AtomicInteger();
            try (StandIn service = new StandIn(
                    asked -> requests.incrementAndGet() == 1 ? Feed.acceptAll(asked) : Reply.problem(409, problem))) {
                CommandRun run = CommandRun.against(service)
                        .reading(Feed.events(1, 6_000))
                        .run("append", "-");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err())
                        .contains(
                                "line 5001 (guid event-5001): another event with this guid was recorded before, at position 77")
                        .contains("up to event 5000 (line 5000) is durable");
                assertThat(service.asked()).hasSize(2);
            }
        }

        @Test
        void of_single_events_is_listed_and_the_rest_recorded_when_told_to_skip() throws IOException {
            String answer = "{\"recorded\":1,\"duplicates\":0,\"suppressed\":0,\"head\":\"1-9-0\",\"results\":["
                    + "{\"guid\":\"event-1\",\"outcome\":\"recorded\",\"position\":9},"
                    + "{\"guid\":\"event-2\",\"outcome\":\"conflict\",\"position\":4},"
                    + "{\"guid\":\"event-3\",\"outcome\":\"refused\"}]}";
            try (StandIn service = StandIn.inOrder(Reply.json(answer))) {
                CommandRun run = CommandRun.against(service)
                        .reading(Feed.events(1, 3))
                        .run("append", "-", "--on-conflict=skip", "--json");

                assertThat(run.code()).isZero();
                assertThat(service.asked().getFirst().path()).isEqualTo("/v1/events?on_conflict=skip");
                assertThat(service.asked().getFirst().header("Prefer")).isEmpty();
                assertThat(run.out()).contains("\"recorded\":1").contains("\"conflicts\":1,\"refused\":1");
                assertThat(run.err()).contains("line 2 (guid event-2)").contains("line 3 (guid event-3)");
            }
        }
    }
}
