package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.LiveService;
import org.usageledger.api.cli.StandIn.Reply;
import org.usageledger.api.foundation.Blueprint;
import org.usageledger.api.foundation.Story;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

@Timeout(300)
class DemoCommandTest {
    private static final String[] SMALL = {"demo", "--apps", "60", "--days", "14", "--seed", "5", "--fast", "--json"};

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class AgainstALedger {
        private final LiveService service = LiveService.start();
        private CommandRun first = new CommandRun(-1, "", "");

        @BeforeAll
        void live() {
            first = command().run(SMALL);
            assertThat(first.code()).as(first.err() + first.out()).isZero();
        }

        @AfterAll
        void stop() {
            service.close();
        }

        @Test
        void every_event_is_recorded_and_a_reader_misses_none() {
            JsonNode report = report(first);
            long told = story(report).told().size();

            assertThat(report.path("append").path("recorded").asLong()).isEqualTo(told);
            assertThat(report.path("append").path("suppressed").asLong()).isZero();
            assertThat(report.path("reader").path("read").asLong()).isEqualTo(told);
            assertThat(report.path("reader").path("missed").asLong(-1)).isZero();
            assertThat(report.path("as_promised").asBoolean()).isTrue();
        }

        @Test
        void the_ledger_runs_what_the_events_say_and_the_endings_never_told_are_known() {
            JsonNode report = report(first);
            Story story = story(report);
            Set<Resource> runs = new HashSet<>();
            String stream = service.get(
                            "/v1/running?not_before="
                                    + report.path("append").path("head").asText(),
                            "Accept",
                            "application/x-ndjson")
                    .text();
            for (String line : stream.lines().toList()) {
                JsonNode each = JsonText.read(LiveService.bytes(line), "a line");
                if (story.organizations()
                        .containsKey(each.path("organization").path("guid").asText())) {
                    runs.add(of(each));
                }
            }

            assertThat(runs).isEqualTo(story.believed());
            assertThat(report.path("endings_never_told").path("count").asInt())
                    .isEqualTo(story.endedUntold().size());
        }

        @Test
        void afterwards_a_check_finds_nothing() {
            CommandRun check = command().run("check");

            assertThat(check.code()).as(check.err() + check.out()).isZero();
            assertThat(check.out()).contains("All is as it should be.");
        }

        @Test
        void the_same_seed_again_is_all_duplicates_whatever_time_it_is() {
            CommandRun again = command().run(SMALL);
            JsonNode report = report(again);

            assertThat(again.code()).as(again.err()).isZero();
            assertThat(again.err()).contains("(seed 5; the ledger has met it before)");
            assertThat(report.path("append").path("recorded").asLong()).isZero();
            assertThat(report.path("reader").path("read").asLong()).isZero();
            assertThat(report.path("append").path("duplicates").asLong())
                    .isEqualTo(report(first).path("append").path("recorded").asLong());
            assertThat(report.path("endings_never_told"))
                    .isEqualTo(report(first).path("endings_never_told"));
        }

        @Test
        void the_same_seed_at_another_time_is_refused_with_what_to_do() {
            CommandRun moved = command()
                    .run("demo", "--apps", "60", "--days", "14", "--seed", "5", "--until", "2026-01-01T00:00:00Z");

            assertThat(moved.code()).isEqualTo(1);
            assertThat(moved.err()).contains("leave --until out to meet it again, or choose another --seed.");
        }

        @Test
        void at_its_pace_it_tells_each_day_and_at_the_end_what_to_try_next() {
            CommandRun told = command()
                    .run("demo", "--apps", "4", "--days", "3", "--rate", "6", "--until", "2026-05-01T00:00:00Z");

            assertThat(told.code()).as(told.err() + told.out()).isZero();
            assertThat(told.err())
                    .contains(
                            "A foundation of 4 apps lives from 2026-04-28T00:00:00Z to 2026-05-01T00:00:00Z (seed 1).")
                    .contains("day 3 of 3: 2026-04-30, ");
            assertThat(told.out())
                    .containsPattern("Recorded \\d+ events of 3 days in \\d+ s\\.")
                    .contains("What runs now, by the ledger, as of 1-")
                    .containsPattern("process +\\d+ +\\d+ +\\d+")
                    .contains("What it missed: none.")
                    .contains("./ledger check")
                    .contains("docs/guide.md");
        }

        private CommandRun.Builder command() {
            return new CommandRun.Builder().with("LEDGER_URL", service.uri("").toString());
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnAWayThatErrs {
        private final LiveService service = LiveService.start();

        @AfterAll
        void stop() {
            service.close();
        }

        /** @param method of the first such request whose answer goes wrong; of pages, the first of several events */
        private CommandRun run(int seed, UnaryOperator<Reply> errs, String method) throws IOException {
            AtomicInteger met = new AtomicInteger();
            try (StandIn way = new StandIn(asked -> {
                Reply reply = passedOn(asked);
                boolean here = asked.method().equals(method)
                        && asked.path().startsWith("/v1/events")
                        && (method.equals("POST") || reply.body().length() > 4_000);
                return here && met.getAndIncrement() == 0 ? errs.apply(reply) : reply;
            })) {
                CommandRun run = new CommandRun.Builder()
                        .with("LEDGER_URL", way.url())
                        .run("demo", "--apps", "20", "--days", "7", "--seed", "" + seed, "--fast", "--json");
                assertThat(met).as("nothing went wrong on the way").hasPositiveValue();
                return run;
            }
        }

        private Reply passedOn(StandIn.Asked asked) {
            String type = asked.header("Content-Type");
            String prefer = asked.header("Prefer");
            LiveService.Answer answer = asked.method().equals("POST")
                    ? service.post(asked.path(), type, asked.body().array(), "Prefer", prefer)
                    : service.get(asked.path());
            return Reply.text(answer.status(), answer.text()).with("Content-Type", answer.header("Content-Type"));
        }

        /** What was recorded under the lost answer is a duplicate when it is sent again, and the reader has it all the same. */
        @Test
        void an_answer_that_is_lost_is_no_event_that_was_missed() throws IOException {
            CommandRun run = run(11, _ -> Reply.broken(), "POST");

            assertThat(run.code()).as(run.err() + run.out()).isZero();
            JsonNode report = report(run);
            assertThat(report.path("append").path("duplicates").asLong()).isPositive();
            assertThat(report.path("reader").path("read").asLong())
                    .isEqualTo(report.path("append").path("recorded").asLong()
                            + report.path("append").path("duplicates").asLong());
        }

        @Test
        void events_out_of_order_are_found() throws IOException {
            CommandRun run = run(12, DemoCommandTest::firstTwoExchanged, "GET");

            assertThat(run.code()).as(run.err() + run.out()).isEqualTo(1);
            JsonNode report = report(run);
            assertThat(report.path("reader").path("out_of_order").asLong()).isEqualTo(1);
            assertThat(report.path("reader").path("holes").asLong()).isEqualTo(1);
            assertThat(report.path("reader").path("missed").asLong(-1)).isZero();
            assertThat(report.path("as_promised").asBoolean(true)).isFalse();
        }
    }

    private static Reply firstTwoExchanged(Reply page) {
        ObjectNode read = (ObjectNode) JsonText.read(LiveService.bytes(page.body()), "a page");
        ArrayNode events = (ArrayNode) read.path("events");
        events.insert(0, events.remove(1));
        return Reply.json(read.toString());
    }

    @Test
    void no_apps_no_days_too_much_and_no_pace_are_wrong_use() {
        assertThat(CommandRun.of("demo", "--apps", "0").code()).isEqualTo(2);
        assertThat(CommandRun.of("demo", "--days", "0").code()).isEqualTo(2);
        assertThat(CommandRun.of("demo", "--apps", "100001").err()).contains("at most 1000000 multiplied");
        assertThat(CommandRun.of("demo", "--rate", "0").err()).contains("--rate is more than 0");
    }

    @Test
    void without_a_service_it_says_so_and_fails() {
        CommandRun alone = new CommandRun.Builder()
                .with("LEDGER_URL", "http://127.0.0.1:1")
                .run("demo");

        assertThat(alone.code()).isEqualTo(1);
        assertThat(alone.err()).contains("No ledger listens at http://127.0.0.1:1");
    }

    private static JsonNode report(CommandRun run) {
        return JsonText.read(LiveService.bytes(run.out()), "the report");
    }

    private static Story story(JsonNode report) {
        return Story.of(
                new Blueprint(5, 60, 14, Instant.parse(report.path("from").asText())));
    }

    private static Resource of(JsonNode running) {
        return new Resource(
                ResourceKind.valueOf(running.path("kind").asText().toUpperCase(Locale.ROOT)),
                running.path("guid").asText());
    }
}
