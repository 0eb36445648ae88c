package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

class CloudEventModesTest {
    private static final String BATCH = "application/cloudevents-batch+json";

    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static String cloudEvent(String id, String event) {
        return """
                {"specversion":"1.0","id":"%s","source":"/east","type":"com.example.usage","data":%s}""".formatted(id, event);
    }

    private static Answer binary(String body, String... headers) {
        return ledger.post("/v1/events", "application/json", bytes(body), headers);
    }

    private static long position(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("results").get(0).path("position").asLong();
    }

    private static List<String> sender(long position) throws SQLException {
        try (Connection connection = ledger.database().open();
                PreparedStatement statement = connection.prepareStatement("""
                        select
                          coalesce(sender_source, '-') as source,
                          coalesce(sender_id, '-') as id
                        from usage_event
                        where position = ?
                        """)) {
            statement.setLong(1, position);
            try (ResultSet row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                return List.of(row.getString("source"), row.getString("id"));
            }
        }
    }

    private static JsonNode onlyError(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("malformed-events");
        assertThat(answer.json().path("errors")).as(answer.toString()).hasSize(1);
        return answer.json().path("errors").get(0);
    }

    @Nested
    class A_batch {
        @Test
        void is_recorded_in_order_each_with_its_own_source_and_id() throws SQLException {
            Answer answer = ledger.post(
                    "/v1/events",
                    BATCH,
                    bytes("[" + cloudEvent("b1", Events.started("cb-1", "cb-p1")) + ",\n"
                            + cloudEvent("b2", Events.service("cb-2", "cb-i2", "CREATED")) + "]"));
            long first = position(answer);

            assertThat(answer.json().path("recorded").asInt()).isEqualTo(2);
            assertThat(sender(first)).containsExactly("/east", "b1");
            assertThat(sender(first + 1)).containsExactly("/east", "b2");
        }

        @Test
        void may_be_empty() {
            assertThat(ledger.post("/v1/events", BATCH, bytes("[]")).status()).isEqualTo(200);
        }

        @Test
        void is_refused_whole_with_every_bad_one_by_index_and_attribute() {
            Answer answer = ledger.post(
                    "/v1/events",
                    BATCH,
                    bytes("[" + cloudEvent("b3", Events.started("cb-3", "cb-p3")) + ",7,"
                            + cloudEvent("", Events.started("cb-4", "cb-p4").replace("\"guid\":\"cb-4\",", "")) + "]"));

            JsonNode errors = answer.json().path("errors");
            assertThat(errors.findValuesAsText("index")).containsExactly("1", "2", "2");
            assertThat(errors.get(1).path("field").asText()).isEqualTo("id");
            assertThat(errors.get(2).path("field").asText()).isEqualTo("data.guid");
            assertThat(ledger.get("/v1/events?guid=cb-3").json().path("events")).isEmpty();
        }

        @Test
        void is_held_to_the_number_of_events_of_a_request() {
            StringBuilder body = new StringBuilder("[");
            for (int i = 0; i < 10_001; i++) {
                body.append(i == 0 ? "" : ",").append(cloudEvent("m" + i, "{}"));
            }
            Answer answer = ledger.post(
                    "/v1/events",
                    BATCH,
                    bytes(body.append(']').toString().replace("{}", Events.service("m", "m", "CREATED"))));

            assertThat(answer.status()).as(answer.text()).isEqualTo(413);
        }
    }

    @Nested
    class A_binary_one {
        /** Which of the lines its attributes would be about cannot be told. */
        @Test
        void has_no_lines() {
            Answer answer = ledger.post(
                    "/v1/events",
                    "application/x-ndjson",
                    bytes(Events.started("cl-1", "cl-p1")),
                    "ce-specversion",
                    "1.0");

            assertThat(answer.status()).as(answer.toString()).isEqualTo(415);
            assertThat(answer.problem()).isEqualTo("unsupported-media-type");
            assertThat(ledger.get("/v1/events?guid=cl-1").json().path("events")).isEmpty();
        }

        @Test
        void has_its_attributes_in_headers_percent_encoded() throws SQLException {
            Answer answer = binary(
                    Events.started("cn-1", "cn-p1"),
                    "ce-specversion",
                    "1.0",
                    "CE-ID",
                    "Euro%20%E2%82%AC%22",
                    "ce-source",
                    "\"urn:quoted\"",
                    "ce-type",
                    "any",
                    "ce-ext",
                    "1");

            assertThat(sender(position(answer))).containsExactly("urn:quoted", "Euro €\"");
        }

        @Test
        void takes_its_stream_from_a_type_of_ours() {
            String event = Events.service("cn-2", "cn-i2", "CREATED").replace("\"kind\":\"service\",", "");
            String[] headers = {
                "ce-specversion", "1.0", "ce-id", "1", "ce-source", "/x", "ce-type", "org.usageledger.service.created"
            };

            assertThat(position(binary(event, headers))).isPositive();
            assertThat(binary(Events.started("cn-3", "cn-p3"), headers).text()).contains("\"kind\"");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "ce-id     | %C0%A0",
                    "ce-id     | %4",
                    "ce-id     | 100%",
                    "ce-source | a%20b",
                    "ce-datacontenttype | application/json",
                    "ce-specversion     | 2.0",
                })
        void is_refused_by_the_header_that_is_wrong(String name, String value) {
            java.util.Map<String, String> headers = new java.util.LinkedHashMap<>(
                    java.util.Map.of("ce-specversion", "1.0", "ce-id", "1", "ce-source", "/x", "ce-type", "t"));
            headers.put(name, value);
            String[] sent = headers.entrySet().stream()
                    .flatMap(header -> java.util.stream.Stream.of(header.getKey(), header.getValue()))
                    .toArray(String[]::new);
            Answer answer = binary(Events.started("cn-bad", "cn-bad"), sent);

            assertThat(onlyError(answer).path("field").asText()).isEqualTo(name);
        }

        @Test
        void needs_every_attribute_that_is_required() {
            Answer answer = binary(Events.started("cn-bad", "cn-bad"), "ce-specversion", "1.0");

            assertThat(answer.json().path("errors").findValuesAsText("field"))
                    .containsExactly("ce-id", "ce-source", "ce-type");
        }

        @Test
        void is_JSON_and_nothing_else() {
            for (String type : List.of("text/plain", "application/xml")) {
                Answer answer = ledger.post(
                        "/v1/events", type, bytes(Events.started("cn-bad", "cn-bad")), "ce-specversion", "1.0");
                assertThat(answer.status()).as(answer.toString()).isEqualTo(415);
            }
        }
    }
}
