package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class AppendCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Nested
    class a_report {
        @Test
        void says_what_became_of_the_events() throws IOException {
            try (StandIn service = StandIn.inOrder(Feed.accepted(11, 12, 13))) {
                CommandRun run =
                        CommandRun.against(service).reading(Feed.events(1, 36)).run("append", "-");

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
                                "head " + Feed.HEAD);
                assertThat(run.out()).contains("seconds").contains("events/s");
            }
        }

        @Test
        void is_one_json_object_if_asked_for() throws IOException {
            try (StandIn service = StandIn.inOrder(Feed.accepted(2, 1, 0))) {
                CommandRun run =
                        CommandRun.against(service).reading(Feed.events(1, 3)).run("append", "-", "--json");

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
            try (StandIn service = new StandIn(Feed::acceptAll)) {
                CommandRun run = CommandRun.against(service)
                        .reading(Feed.events(1, 12_000))
                        .run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(Feed.sent(service)).containsExactlyElementsOf(Feed.lines(1, 12_000));
                assertThat(service.asked()).hasSizeGreaterThanOrEqualTo(3);
                assertThat(service.asked())
                        .allSatisfy(asked -> assertThat(asked.lines()).hasSizeLessThanOrEqualTo(5_000));
            }
        }

        @Test
        void are_ndjson_that_wants_no_more_of_an_answer_than_counts() throws IOException {
            try (StandIn service = StandIn.inOrder(Feed.accepted(1, 0, 0))) {
                CommandRun.against(service)
                        .with("LEDGER_TOKEN", "secret")
                        .reading(Feed.events(1, 1))
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
            try (StandIn service = new StandIn(asked -> asked.lines().size() > 3
                    ? Reply.problem(413, "{\"title\":\"too large\"}")
                    : Feed.acceptAll(asked))) {
                CommandRun run =
                        CommandRun.against(service).reading(Feed.events(1, 20)).run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(Feed.sent(service.asked().stream()
                                .filter(asked -> asked.lines().size() <= 3)
                                .toList()))
                        .containsExactlyElementsOf(Feed.lines(1, 20));
            }
        }

        @Test
        void of_one_event_that_is_too_large_end_the_command_naming_its_line() throws IOException {
            Reply tooLarge =
                    Reply.problem(413, "{\"title\":\"Too large\",\"detail\":\"An event is at most 65536 bytes\"}");
            try (StandIn service =
                    new StandIn(asked -> asked.text().contains("event-3\"") ? tooLarge : Feed.acceptAll(asked))) {
                CommandRun run =
                        CommandRun.against(service).reading(Feed.events(1, 4)).run("append", "-");

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
            try (StandIn service = StandIn.inOrder(busy, busy, Feed.accepted(3, 0, 0))) {
                CommandRun run =
                        CommandRun.against(service).reading(Feed.events(1, 3)).run("append", "-");

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
            try (StandIn service = StandIn.inOrder(unknown, Feed.accepted(1, 2, 0))) {
                CommandRun run =
                        CommandRun.against(service).reading(Feed.events(1, 3)).run("append", "-", "--json");

                assertThat(run.code()).isZero();
                assertThat(run.out()).contains("\"recorded\":1,\"duplicates\":2");
            }
        }

        @Test
        void of_a_connection_that_breaks_within_the_answer_is_resolved_by_sending_the_same_again() throws IOException {
            try (StandIn service = StandIn.inOrder(Reply.broken(), Feed.accepted(0, 3, 0))) {
                CommandRun run =
                        CommandRun.against(service).reading(Feed.events(1, 3)).run("append", "-");

                assertThat(run.code()).isZero();
                assertThat(service.asked().stream().map(Asked::text).distinct()).hasSize(1);
            }
        }

        @Test
        void that_lasts_ends_the_command_and_says_how_far_it_came() throws IOException {
            AtomicInteger requests = new AtomicInteger();
            try (StandIn service = new StandIn(asked -> requests.incrementAndGet() == 1
                    ? Feed.acceptAll(asked)
                    : Reply.problem(503, "{\"title\":\"Overloaded\"}"))) {
                CommandRun run = CommandRun.against(service)
                        .reading(Feed.events(1, 5_003))
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
                    .reading(Feed.events(1, 1))
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
                        CommandRun.against(service).reading(Feed.events(1, 1)).run("append", "-");

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
}
