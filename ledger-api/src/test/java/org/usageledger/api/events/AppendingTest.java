package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;
import static org.usageledger.api.LiveService.gzip;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

class AppendingTest {
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static long head() {
        return ledger.get("/v1/events?after=newest")
                .json()
                .path("complete_up_to")
                .path("position")
                .asLong();
    }

    @Nested
    class A_valid_request {
        @Test
        void is_answered_event_by_event_with_positions_and_the_head() {
            Answer answer = ledger.append(Events.started("v-1", "v-p1"), Events.service("v-2", "v-i", "CREATED"));

            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            JsonNode json = answer.json();
            assertThat(json.path("recorded").asInt()).isEqualTo(2);
            assertThat(json.path("duplicates").asInt()).isZero();
            assertThat(json.path("suppressed").asInt()).isZero();
            long second = json.path("results").get(1).path("position").asLong();
            assertThat(json.path("results").get(0).toString())
                    .isEqualTo("{\"guid\":\"v-1\",\"outcome\":\"recorded\",\"position\":" + (second - 1) + "}");
            assertThat(json.path("head").asText()).isEqualTo("1-" + second + "-0");
        }

        @Test
        void sent_again_is_a_duplicate_at_its_first_position() {
            long first = position(ledger.append(Events.started("d-1", "d-p")));
            Answer again = ledger.append(Events.started("d-1", "d-p"));

            assertThat(again.json().path("duplicates").asInt()).isEqualTo(1);
            assertThat(again.json().path("results").get(0).path("outcome").asText())
                    .isEqualTo("duplicate");
            assertThat(position(again)).isEqualTo(first);
        }

        @Test
        void may_be_one_event_a_line_with_blank_lines_and_any_line_end() {
            String lines = Events.started("n-1", "n-p") + "\r\n\n" + Events.stopped("n-2", "n-p");
            Answer answer = ledger.post("/v1/events", "application/x-ndjson; charset=UTF-8", bytes(lines));

            assertThat(answer.json().path("recorded").asInt())
                    .as(answer.toString())
                    .isEqualTo(2);
        }

        @Test
        void may_be_compressed_in_several_members() {
            byte[] first = gzip(bytes(Events.started("z-1", "z-p") + "\n"));
            byte[] second = gzip(bytes(Events.stopped("z-2", "z-p") + "\n"));
            byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            Answer answer = ledger.post("/v1/events", "application/x-ndjson", both, "Content-Encoding", "gzip");

            assertThat(answer.json().path("recorded").asInt())
                    .as(answer.toString())
                    .isEqualTo(2);
        }

        @Test
        void may_ask_for_a_short_answer() {
            Answer answer = ledger.post(
                    "/v1/events",
                    "application/json",
                    bytes("{\"events\":[" + Events.started("m-1", "m-p") + "]}"),
                    "Prefer",
                    "respond-async, return=minimal");

            assertThat(answer.json().has("results")).isFalse();
            assertThat(answer.json().path("recorded").asInt()).isEqualTo(1);
            assertThat(answer.header("Preference-Applied")).isEqualTo("return=minimal");
        }

        @Test
        void may_hold_no_event() {
            Answer answer = ledger.append();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("head").asText()).isNotEmpty();
        }

        @Test
        void comes_back_with_its_unknown_fields_and_numbers_as_they_were_sent() {
            String event = Events.started("u-1", "u-p")
                    .replace("{\"kind\":\"app\",", "{\"x\":{\"deep\":[1.50,1e400,\"ü😀\"]},");
            long position = position(ledger.post(
                    "/v1/events",
                    "application/json",
                    bytes("{\"events\":[" + event.replace("{\"x\"", "{\"kind\":\"app\",\"x\"") + "]}")));

            assertThat(ledger.get("/v1/events/" + position).text()).endsWith(",\"event\":" + event + "}");
        }
    }

    @Nested
    class A_request_with_a_conflict {
        @Test
        void is_refused_whole_and_names_the_event() {
            long first = position(ledger.append(Events.started("c-1", "c-p")));
            long before = head();
            Answer answer = ledger.append(Events.started("c-2", "c-p"), Events.stopped("c-1", "c-p"));

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.problem()).isEqualTo("events-conflict");
            assertThat(answer.json().path("events").toString())
                    .isEqualTo("[{\"index\":1,\"guid\":\"c-1\",\"outcome\":\"conflict\",\"position\":" + first + "}]");
            assertThat(head()).isEqualTo(before);
        }

        @Test
        void records_the_rest_where_conflicts_are_skipped() {
            ledger.append(Events.started("k-1", "k-p"));
            Answer answer = ledger.post(
                    "/v1/events?on_conflict=skip",
                    "application/json",
                    bytes("{\"events\":[" + Events.stopped("k-1", "k-p") + "," + Events.stopped("k-2", "k-p") + "]}"));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("recorded").asInt()).isEqualTo(1);
            assertThat(answer.json().path("results").get(0).path("outcome").asText())
                    .isEqualTo("conflict");
        }
    }

    @Nested
    class A_task_stop {
        @Test
        void without_its_beginning_is_suppressed_and_listed_and_recorded_once_the_beginning_arrives() {
            Answer stop = ledger.append(Events.task("t-2", "task-1", "TASK_STOPPED", "RUNNING"));
            assertThat(stop.json().path("suppressed").asInt()).isEqualTo(1);
            assertThat(stop.json().path("results").get(0).toString())
                    .isEqualTo("{\"guid\":\"t-2\",\"outcome\":\"suppressed\",\"position\":null,"
                            + "\"reason\":\"no_start_on_record\"}");

            JsonNode listed = suppressed("t-2");
            assertThat(listed.path("task").asText()).isEqualTo("task-1");
            assertThat(listed.path("event").path("state").path("previous").asText())
                    .isEqualTo("RUNNING");

            long start = position(ledger.append(Events.task("t-1", "task-1", "TASK_STARTED", "PENDING")));
            assertThat(suppressed("t-2").path("recorded_position").asLong()).isEqualTo(start + 1);
        }

        private JsonNode suppressed(String guid) {
            for (JsonNode each : ledger.get("/v1/suppressed").json().path("suppressed")) {
                if (each.path("guid").asText().equals(guid)) {
                    return each;
                }
            }
            throw new AssertionError(guid + " is not listed");
        }
    }

    private static long position(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("results").get(0).path("position").asLong();
    }
}
