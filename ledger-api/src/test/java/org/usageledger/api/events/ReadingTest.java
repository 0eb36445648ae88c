package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

class ReadingTest {
    private static final int RECORDED = 40;

    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
        List<String> events = new ArrayList<>();
        for (int i = 1; i <= RECORDED; i++) {
            events.add(i % 4 == 0 ? Events.service("e-" + i, "i-" + i, "CREATED") : Events.started("e-" + i, "p-" + i));
        }
        assertThat(ledger.append(events.toArray(String[]::new)).status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static List<String> guids(JsonNode page) {
        List<String> guids = new ArrayList<>();
        page.path("events")
                .forEach(event -> guids.add(event.path("event").path("guid").asText()));
        return guids;
    }

    @Nested
    class A_page {
        @Test
        void begins_with_the_oldest_event_where_no_cursor_is_sent() {
            JsonNode page = ledger.get("/v1/events?limit=3").json();

            assertThat(guids(page)).containsExactly("e-1", "e-2", "e-3");
            assertThat(page.path("next").asText()).isEqualTo("1-3-0");
            assertThat(page.path("pruned_up_to").asLong()).isZero();
            assertThat(page.path("complete_up_to").path("position").asLong()).isGreaterThanOrEqualTo(RECORDED);
            assertThat(Instant.parse(page.path("complete_up_to").path("time").asText()))
                    .isNotNull();
        }

        @Test
        void shows_each_event_with_its_place_its_origin_and_its_own_fields_as_sent() {
            JsonNode first =
                    ledger.get("/v1/events?limit=1").json().path("events").get(0);

            assertThat(first.path("position").asLong()).isEqualTo(1);
            assertThat(first.path("kind").asText()).isEqualTo("app");
            assertThat(first.path("origin").asText()).isEqualTo("platform");
            assertThat(Instant.parse(first.path("recorded_at").asText())).isNotNull();
            assertThat(first.path("event").toString())
                    .isEqualTo(Events.started("e-1", "p-1").replace("\"kind\":\"app\",", ""));
        }

        @Test
        void leads_from_one_to_the_next_over_every_event_once() {
            List<String> seen = new ArrayList<>();
            String cursor = "oldest";
            for (int i = 0; i < 6; i++) {
                JsonNode page = ledger.get("/v1/events?limit=7&after=" + cursor).json();
                seen.addAll(guids(page));
                cursor = page.path("next").asText();
            }

            assertThat(seen).hasSizeGreaterThanOrEqualTo(RECORDED).doesNotHaveDuplicates();
            assertThat(seen.subList(0, 3)).containsExactly("e-1", "e-2", "e-3");
        }

        @Test
        void advances_past_events_that_are_filtered() {
            JsonNode page = ledger.get("/v1/events?kind=service&limit=5000").json();

            assertThat(guids(page)).startsWith("e-4", "e-8").hasSizeGreaterThanOrEqualTo(RECORDED / 4);
            assertThat(page.path("next").asText())
                    .isEqualTo(
                            "1-" + page.path("complete_up_to").path("position").asLong() + "-0");
        }

        @Test
        void stays_put_at_the_end() {
            String end =
                    ledger.get("/v1/events?after=newest").json().path("next").asText();
            JsonNode page = ledger.get("/v1/events?after=" + end + "&limit=1").json();

            assertThat(page.path("events")).isEmpty();
            assertThat(page.path("next").asText()).isEqualTo(end);
        }

        @Test
        void leaves_baselines_out_on_request() {
            assertThat(ledger.append(Events.process("b-1", "b-p", "WAS_RUNNING", 1))
                            .status())
                    .isEqualTo(200);

            assertThat(guids(ledger.get("/v1/events?limit=5000").json())).contains("b-1");
            assertThat(guids(ledger.get("/v1/events?limit=5000&baselines=false").json()))
                    .doesNotContain("b-1");
        }
    }

    @Nested
    class A_waiting_page {
        @Test
        void is_answered_as_soon_as_an_event_that_passes_the_filter_is_there() throws Exception {
            String end =
                    ledger.get("/v1/events?after=newest").json().path("next").asText();
            CompletableFuture<HttpResponse<String>> waiting = ledger.client()
                    .sendAsync(
                            ledger.request("/v1/events?wait=60s&kind=service&after=" + end)
                                    .build(),
                            BodyHandlers.ofString());
            ledger.append(Events.started("w-1", "w-p"));
            ledger.append(Events.service("w-2", "w-i", "CREATED"));

            assertThat(waiting.get(50, TimeUnit.SECONDS).body())
                    .contains("\"w-2\"")
                    .doesNotContain("\"w-1\"");
        }

        @Test
        void is_woken_by_what_another_service_on_the_same_database_records() throws Exception {
            try (LiveService other = ledger.another()) {
                String end = ledger.get("/v1/events?after=newest")
                        .json()
                        .path("next")
                        .asText();
                CompletableFuture<HttpResponse<String>> waiting = ledger.client()
                        .sendAsync(
                                ledger.request("/v1/events?wait=60s&after=" + end)
                                        .build(),
                                BodyHandlers.ofString());
                other.append(Events.started("o-1", "o-p"));

                assertThat(waiting.get(50, TimeUnit.SECONDS).body()).contains("\"o-1\"");
            }
        }

        @Test
        void is_answered_empty_when_the_wait_is_over_with_a_cursor_past_what_was_filtered() {
            JsonNode before = ledger.get("/v1/events?after=newest").json();
            ledger.append(Events.started("x-1", "x-p"));
            JsonNode page = ledger.get("/v1/events?kind=service&wait=1ms&after="
                            + before.path("next").asText())
                    .json();

            assertThat(page.path("events")).isEmpty();
            assertThat(page.path("next").asText())
                    .isNotEqualTo(before.path("next").asText());
        }
    }

    @Nested
    class One_event {
        @Test
        void is_found_by_position_and_by_guid() {
            Answer byPosition = ledger.get("/v1/events/4");
            assertThat(byPosition.json().path("event").path("guid").asText()).isEqualTo("e-4");

            assertThat(ledger.get("/v1/events?guid=e-4").json().path("events").get(0))
                    .isEqualTo(byPosition.json());
            assertThat(ledger.get("/v1/events?guid=e-4&kind=app").json().path("events"))
                    .isEmpty();
            assertThat(ledger.get("/v1/events?guid=unknown").json().path("events"))
                    .isEmpty();
        }

        @Test
        void whose_guid_the_platform_used_again_comes_with_the_newest_first() {
            String first = Events.service("same", "same", "CREATED");
            ledger.append(first, first.replace("2026-01-02", "2026-02-03"));
            JsonNode found = ledger.get("/v1/events?guid=same").json().path("events");

            assertThat(found).hasSize(2);
            assertThat(found.get(0).path("event").path("created_at").asText()).startsWith("2026-02-03");
        }

        @Test
        void by_guid_comes_as_a_line_too_and_no_more_of_them_than_asked_for() {
            String first = Events.service("twice", "twice", "CREATED");
            ledger.append(first, first.replace("2026-01-02", "2026-02-03"));
            JsonNode newest = ledger.get("/v1/events?guid=twice&limit=1").json().path("events");
            Answer lines = ledger.get("/v1/events?guid=twice&limit=1", "Accept", "application/x-ndjson");

            assertThat(newest).hasSize(1);
            assertThat(lines.header("Content-Type")).isEqualTo("application/x-ndjson");
            assertThat(lines.text()).isEqualTo(newest.get(0) + "\n");
        }

        @Test
        void that_is_not_there_yet_or_never_can_be_is_told_apart() {
            assertThat(ledger.get("/v1/events/99999999").problem()).isEqualTo("position-not-given");
            assertThat(ledger.get("/v1/events/0").problem()).isEqualTo("bad-parameter");
            assertThat(ledger.get("/v1/events/-1").problem()).isEqualTo("bad-parameter");
            assertThat(ledger.get("/v1/events/four").problem()).isEqualTo("bad-parameter");
        }
    }

    @Nested
    class A_stream {
        @Test
        void takes_nothing_that_belongs_to_pages() {
            for (String path :
                    List.of("/v1/events?limit=5", "/v1/events?wait=0s", "/v1/running?limit=5", "/v1/running?after=x")) {
                Answer answer = ledger.get(path, "Accept", "application/x-ndjson");
                assertThat(answer.status()).as(path + answer).isEqualTo(400);
                assertThat(answer.problem()).isEqualTo("bad-parameter");
            }
        }

        @Test
        void is_every_event_one_a_line_with_the_rest_in_headers() {
            Answer pages = ledger.get("/v1/events?limit=5000");
            Answer stream = ledger.get("/v1/events", "Accept", "application/x-ndjson");

            StringBuilder lines = new StringBuilder();
            pages.json().path("events").forEach(event -> lines.append(event).append('\n'));
            assertThat(stream.text()).startsWith(lines.toString());
            assertThat(stream.header("Content-Type")).isEqualTo("application/x-ndjson");
            assertThat(stream.header("Ledger-Next")).isEqualTo("1-" + stream.header("Ledger-Complete-Up-To") + "-0");
            assertThat(stream.header("Ledger-Pruned-Up-To")).isEqualTo("0");
            assertThat(Instant.parse(stream.header("Ledger-Complete-Up-To-Time")))
                    .isNotNull();
        }

        @Test
        void goes_on_from_where_an_earlier_one_ended() {
            String next = ledger.get("/v1/events?after=newest", "Accept", "application/x-ndjson")
                    .header("Ledger-Next");
            ledger.append(Events.started("s-1", "s-p"));
            Answer stream = ledger.get("/v1/events?after=" + next, "Accept", "application/x-ndjson");

            assertThat(stream.text()).contains("\"s-1\"").doesNotContain("\"e-1\"");
        }

        @Test
        void of_many_events_holds_them_all_in_order() {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 9_000; i++) {
                lines.append(Events.started("many-" + i, "many-" + i)).append('\n');
            }
            ledger.post("/v1/events", "application/x-ndjson", bytes(lines.toString()), "Prefer", "return=minimal");
            Answer stream = ledger.get("/v1/events?kind=app", "Accept", "application/x-ndjson");

            List<String> guids = stream.text()
                    .lines()
                    .filter(line -> line.contains("\"many-"))
                    .map(line -> line.replaceAll(".*\"guid\":\"(many-\\d+)\",\"created_at.*", "$1"))
                    .toList();
            assertThat(guids).hasSize(9_000).first().isEqualTo("many-0");
            assertThat(guids.getLast()).isEqualTo("many-8999");
            assertThat(guids).doesNotHaveDuplicates();
        }
    }
}
