package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class AppendCommandTest {
    private static final String HEAD = "1-4711-0";

    @TempDir
    private Path folder = Path.of("");

    @Nested
    class a_report {
        @Test
        void says_what_became_of_the_events() throws IOException {
            try (StandIn service = StandIn.inOrder(accepted(11, 12, 13))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 36)).run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(run.err()).isEmpty();
                assertThat(run.out()
                                .lines()
                                .map(line -> line.replaceAll(" +", " "))
                                .limit(6))
                        .containsExactly(
                                "recorded 11",
                                "duplicates 12",
                                "suppressed 13",
                                "conflicts 0",
                                "refused 0",
                                "head " + HEAD);
                assertThat(run.out()).contains("seconds").contains("events/s");
            }
        }

        @Test
        void is_one_json_object_if_asked_for() throws IOException {
            try (StandIn service = StandIn.inOrder(accepted(2, 1, 0))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 3)).run("append", "-", "--json");

                assertThat(run.out().lines()).hasSize(1);
                assertThat(run.out())
                        .startsWith(
                                "{\"recorded\":2,\"duplicates\":1,\"suppressed\":0,\"conflicts\":0,\"refused\":0,\"skipped\":0,"
                                        + "\"head\":\"1-4711-0\",\"durable_event\":3,\"durable_line\":3,\"complete\":true,");
            }
        }

        @Test
        void of_an_empty_input_asks_nothing_of_the_service() throws IOException {
            try (StandIn service = StandIn.inOrder()) {
                CommandRun run = CommandRun.against(service).reading("\n\n").run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(service.asked()).isEmpty();
            }
        }
    }

    @Nested
    class requests {
        @Test
        void carry_every_event_once_and_in_order_and_stay_below_the_limits() throws IOException {
            try (StandIn service = new StandIn(AppendCommandTest::acceptAll)) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 12_000)).run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(sent(service)).containsExactlyElementsOf(lines(1, 12_000));
                assertThat(service.asked()).hasSizeGreaterThanOrEqualTo(3);
                assertThat(service.asked())
                        .allSatisfy(asked -> assertThat(asked.lines()).hasSizeLessThanOrEqualTo(5_000));
            }
        }

        @Test
        void are_ndjson_that_wants_no_more_of_an_answer_than_counts() throws IOException {
            try (StandIn service = StandIn.inOrder(accepted(1, 0, 0))) {
                CommandRun.against(service)
                        .with("LEDGER_TOKEN", "secret")
                        .reading(events(1, 1))
                        .run("append", "-");

                Asked asked = service.asked().getFirst();
                assertThat(asked.method() + " " + asked.path()).isEqualTo("POST /v1/events");
                assertThat(asked.header("Content-Type")).isEqualTo("application/x-ndjson");
                assertThat(asked.header("Prefer")).isEqualTo("return=minimal");
                assertThat(asked.header("Authorization")).isEqualTo("Bearer secret");
            }
        }

        @Test
        void are_halved_while_the_service_finds_them_too_large_and_stay_small() throws IOException {
            try (StandIn service = new StandIn(asked ->
                    asked.lines().size() > 3 ? Reply.problem(413, "{\"title\":\"too large\"}") : acceptAll(asked))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 20)).run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(sent(service.asked().stream()
                                .filter(asked -> asked.lines().size() <= 3)
                                .toList()))
                        .containsExactlyElementsOf(lines(1, 20));
            }
        }

        @Test
        void of_one_event_that_is_too_large_end_the_command_naming_its_line() throws IOException {
            Reply tooLarge =
                    Reply.problem(413, "{\"title\":\"Too large\",\"detail\":\"An event is at most 65536 bytes\"}");
            try (StandIn service =
                    new StandIn(asked -> asked.text().contains("event-3\"") ? tooLarge : acceptAll(asked))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 4)).run("append", "-");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err())
                        .contains("line 3: An event is at most 65536 bytes")
                        .contains("up to event 2 (line 2)");
            }
        }
    }

    @Nested
    class trouble {
        @Test
        void of_an_overloaded_service_is_waited_out_with_the_same_events() throws IOException {
            Reply busy = Reply.problem(503, "{\"title\":\"Overloaded\"}").with("Retry-After", "0");
            try (StandIn service = StandIn.inOrder(busy, busy, accepted(3, 0, 0))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 3)).run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(run.err()).contains("Overloaded. Trying again for up to 2m.");
                assertThat(service.asked().stream().map(Asked::text).distinct()).hasSize(1);
                assertThat(service.asked()).hasSize(3);
            }
        }

        @Test
        void of_an_unknown_outcome_is_resolved_by_sending_the_same_again() throws IOException {
            Reply unknown = Reply.problem(503, "{\"title\":\"In doubt\",\"outcome\":\"unknown\"}")
                    .with("Retry-After", "0");
            try (StandIn service = StandIn.inOrder(unknown, accepted(1, 2, 0))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 3)).run("append", "-", "--json");

                assertThat(run.code()).isZero();
                assertThat(run.out()).contains("\"recorded\":1,\"duplicates\":2");
            }
        }

        @Test
        void of_a_connection_that_breaks_within_the_answer_is_resolved_by_sending_the_same_again() throws IOException {
            try (StandIn service = StandIn.inOrder(Reply.broken(), accepted(0, 3, 0))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 3)).run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(service.asked().stream().map(Asked::text).distinct()).hasSize(1);
            }
        }

        @Test
        void that_lasts_ends_the_command_and_says_how_far_it_came() throws IOException {
            AtomicInteger requests = new AtomicInteger();
            try (StandIn service = new StandIn(asked -> requests.incrementAndGet() == 1
                    ? acceptAll(asked)
                    : Reply.problem(503, "{\"title\":\"Overloaded\"}"))) {
                CommandRun run = CommandRun.against(service)
                        .reading(events(1, 5_003))
                        .run("append", "-", "--retry-for", "300ms");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err())
                        .contains("Given up after 300ms without success: Overloaded.")
                        .contains("Everything up to event 5000 (line 5000) is durable.")
                        .contains("--skip 5000");
            }
        }

        @Test
        void of_a_service_that_was_never_there_is_one_helpful_sentence() throws IOException {
            int port;
            try (StandIn gone = StandIn.inOrder()) {
                port = gone.port();
            }
            CommandRun run = new CommandRun.Builder()
                    .reading(events(1, 1))
                    .run("append", "-", "--url", "http://127.0.0.1:" + port);

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains("No ledger listens at http://127.0.0.1:" + port
                            + ": is ./ledger serve running, and is LEDGER_URL right?")
                    .doesNotContain("\tat ");
        }

        @Test
        void with_the_token_names_its_variable() throws IOException {
            try (StandIn service = StandIn.inOrder(Reply.problem(401, "{\"title\":\"Not authenticated\"}"))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 1)).run("append", "-");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err()).contains("Not authenticated. Set LEDGER_TOKEN to a bearer token.");
            }
        }

        @Test
        void with_the_file_is_one_sentence() {
            CommandRun run =
                    CommandRun.of("append", folder.resolve("no-such-file").toString());

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).startsWith("There is no file ").doesNotContain("Exception");
        }
    }

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
                        .reading("\n\n" + events(1, 3))
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
                    asked -> requests.incrementAndGet() == 1 ? acceptAll(asked) : Reply.problem(409, problem))) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 6_000)).run("append", "-");

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
                        .reading(events(1, 3))
                        .run("append", "-", "--on-conflict=skip", "--json");

                assertThat(run.code()).isZero();
                assertThat(service.asked().getFirst().path()).isEqualTo("/v1/events?on_conflict=skip");
                assertThat(service.asked().getFirst().header("Prefer")).isEmpty();
                assertThat(run.out()).contains("\"recorded\":1").contains("\"conflicts\":1,\"refused\":1");
                assertThat(run.err()).contains("line 2 (guid event-2)").contains("line 3 (guid event-3)");
            }
        }
    }

    @Nested
    class resuming {
        @Test
        void leaves_out_the_events_that_are_skipped() throws IOException {
            try (StandIn service = new StandIn(AppendCommandTest::acceptAll)) {
                CommandRun run =
                        CommandRun.against(service).reading(events(1, 9)).run("append", "-", "--skip", "6", "--json");

                assertThat(sent(service)).containsExactlyElementsOf(lines(7, 9));
                assertThat(run.out())
                        .contains("\"recorded\":3")
                        .contains("\"skipped\":6")
                        .contains("\"durable_event\":9");
            }
        }

        @Test
        void goes_on_where_the_state_file_says() throws IOException {
            String state = folder.resolve("feed.state").toString();
            try (StandIn service = new StandIn(AppendCommandTest::acceptAll)) {
                CommandRun.against(service).reading(events(1, 4)).run("append", "-", "--state", state);
                CommandRun again =
                        CommandRun.against(service).reading(events(1, 7)).run("append", "-", "--state", state);

                assertThat(again.code()).isZero();
                assertThat(sent(service)).containsExactlyElementsOf(lines(1, 7));
            }
        }

        @Test
        void refuses_a_state_file_of_another_input() throws IOException {
            String state = folder.resolve("feed.state").toString();
            try (StandIn service = new StandIn(AppendCommandTest::acceptAll)) {
                CommandRun.against(service).reading(events(1, 4)).run("append", "-", "--state", state);
                CommandRun other =
                        CommandRun.against(service).reading(events(2, 9)).run("append", "-", "--state", state);

                assertThat(other.code()).isEqualTo(1);
                assertThat(other.err()).contains("written for another input: event 4");
                assertThat(service.asked()).hasSize(1);
            }
        }
    }

    @Nested
    class an_input {
        @Test
        void may_be_compressed() throws IOException {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
                zip.write(events(1, 5).getBytes(StandardCharsets.UTF_8));
            }
            assertSent(zipped.toByteArray(), lines(1, 5));
        }

        @Test
        void may_be_a_file() throws IOException {
            Path file = folder.resolve("events.ndjson");
            Files.writeString(file, events(1, 5));
            try (StandIn service = new StandIn(AppendCommandTest::acceptAll)) {
                assertThat(CommandRun.against(service)
                                .run("append", file.toString())
                                .code())
                        .isZero();
                assertThat(sent(service)).containsExactlyElementsOf(lines(1, 5));
            }
        }

        @Test
        void may_be_an_array() throws IOException {
            assertSent(bytes(" [ " + String.join(" ,\n", lines(1, 3)) + "\n]\n"), lines(1, 3));
        }

        @Test
        void may_be_an_envelope() throws IOException {
            assertSent(bytes("{\n \"events\" : [" + String.join(",", lines(1, 3)) + "], \"next\": {}}"), lines(1, 3));
        }

        @Test
        void may_begin_with_a_byte_order_mark() throws IOException {
            assertSent(bytes("\ufeff" + events(1, 2)), lines(1, 2));
        }

        @Test
        void may_lay_an_event_out_over_several_lines() throws IOException {
            assertSent(
                    bytes("{\n  \"guid\": \"a}\\\"b\",\r\n  \"n\": [1.0e3]\n}\n{\n \"guid\":\"c\"}\n"),
                    List.of("{   \"guid\": \"a}\\\"b\",    \"n\": [1.0e3] }", "{  \"guid\":\"c\"}"));
        }

        @Test
        void that_ends_within_an_event_is_not_half_believed() throws IOException {
            try (StandIn service = new StandIn(AppendCommandTest::acceptAll)) {
                CommandRun run = CommandRun.against(service)
                        .reading("[{\"guid\":\"a\"},\n{\"guid\":\"b\"")
                        .run("append", "-");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err())
                        .contains("ends in the middle of the event that begins on line 2")
                        .contains("up to event 1 (line 1) is durable");
            }
        }

        private void assertSent(byte[] input, List<String> expected) throws IOException {
            try (StandIn service = new StandIn(AppendCommandTest::acceptAll)) {
                CommandRun run = CommandRun.against(service).reading(input).run("append", "-");

                assertThat(run.code()).as(run.err()).isZero();
                assertThat(sent(service)).containsExactlyElementsOf(expected);
            }
        }
    }

    private static Reply acceptAll(Asked asked) {
        return accepted(asked.lines().size(), 0, 0);
    }

    private static Reply accepted(int recorded, int duplicates, int suppressed) {
        return Reply.json("{\"recorded\":" + recorded + ",\"duplicates\":" + duplicates + ",\"suppressed\":"
                + suppressed + ",\"head\":\"" + HEAD + "\"}");
    }

    private static List<String> sent(StandIn service) {
        return sent(service.asked());
    }

    private static List<String> sent(List<Asked> asked) {
        List<String> lines = new ArrayList<>();
        asked.forEach(each -> lines.addAll(each.lines()));
        return lines;
    }

    private static List<String> lines(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> "{\"kind\":\"app\",\"guid\":\"event-" + number + "\"}")
                .toList();
    }

    private static String events(int from, int to) {
        return lines(from, to).stream().collect(Collectors.joining("\n", "", "\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
