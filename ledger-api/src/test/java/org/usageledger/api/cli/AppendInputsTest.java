package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AppendInputsTest {
    @TempDir
    private Path folder = Path.of("");

    @Nested
    class resuming {
        @Test
        void leaves_out_the_events_that_are_skipped() throws IOException {
            try (StandIn service = new StandIn(Feed::acceptAll)) {
                CommandRun run = CommandRun.against(service)
                        .reading(Feed.events(1, 9))
                        .run("append", "-", "--skip", "6", "--json");

                assertThat(Feed.sent(service)).containsExactlyElementsOf(Feed.lines(7, 9));
                assertThat(run.out())
                        .contains("\"recorded\":3")
                        .contains("\"skipped\":6")
                        .contains("\"durable_event\":9");
            }
        }

        @Test
        void goes_on_where_the_state_file_says() throws IOException {
            String state = folder.resolve("feed.state").toString();
            try (StandIn service = new StandIn(Feed::acceptAll)) {
                CommandRun.against(service).reading(Feed.events(1, 4)).run("append", "-", "--state", state);
                CommandRun again =
                        CommandRun.against(service).reading(Feed.events(1, 7)).run("append", "-", "--state", state);

                assertThat(again.code()).isZero();
                assertThat(Feed.sent(service)).containsExactlyElementsOf(Feed.lines(1, 7));
            }
        }

        @Test
        void refuses_a_state_file_of_another_input() throws IOException {
            String state = folder.resolve("feed.state").toString();
            try (StandIn service = new StandIn(Feed::acceptAll)) {
                CommandRun.against(service).reading(Feed.events(1, 4)).run("append", "-", "--state", state);
                CommandRun other =
                        CommandRun.against(service).reading(Feed.events(2, 9)).run("append", "-", "--state", state);

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
                zip.write(Feed.events(1, 5).getBytes(StandardCharsets.UTF_8));
            }
            assertSent(zipped.toByteArray(), Feed.lines(1, 5));
        }

        @Test
        void may_be_a_file() throws IOException {
            Path file = folder.resolve("events.ndjson");
            Files.writeString(file, Feed.events(1, 5));
            try (StandIn service = new StandIn(Feed::acceptAll)) {
                assertThat(CommandRun.against(service)
                                .run("append", file.toString())
                                .code())
                        .isZero();
                assertThat(Feed.sent(service)).containsExactlyElementsOf(Feed.lines(1, 5));
            }
        }

        @Test
        void may_be_an_array() throws IOException {
            assertSent(Feed.bytes(" [ " + String.join(" ,\n", Feed.lines(1, 3)) + "\n]\n"), Feed.lines(1, 3));
        }

        @Test
        void may_be_an_envelope() throws IOException {
            assertSent(
                    Feed.bytes("{\n \"events\" : [" + String.join(",", Feed.lines(1, 3)) + "], \"next\": {}}"),
                    Feed.lines(1, 3));
        }

        @Test
        void may_begin_with_a_byte_order_mark() throws IOException {
            assertSent(Feed.bytes("\ufeff" + Feed.events(1, 2)), Feed.lines(1, 2));
        }

        @Test
        void may_lay_an_event_out_over_several_lines() throws IOException {
            assertSent(
                    Feed.bytes("{\n  \"guid\": \"a}\\\"b\",\r\n  \"n\": [1.0e3]\n}\n{\n \"guid\":\"c\"}\n"),
                    List.of("{   \"guid\": \"a}\\\"b\",    \"n\": [1.0e3] }", "{  \"guid\":\"c\"}"));
        }

        @Test
        void that_ends_within_an_event_is_not_half_believed() throws IOException {
            try (StandIn service = new StandIn(Feed::acceptAll)) {
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
            try (StandIn service = new StandIn(Feed::acceptAll)) {
                CommandRun run = CommandRun.against(service).reading(input).run("append", "-");

                assertThat(run.code()).as(run.err()).isZero();
                assertThat(Feed.sent(service)).containsExactlyElementsOf(expected);
            }
        }
    }
}
