package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;
import static org.usageledger.api.LiveService.gzip;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

class CloudEventsInTest {
    private static final String STRUCTURED = "application/cloudevents+json";

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

    private static Answer structured(String body) {
        return ledger.post("/v1/events", STRUCTURED, bytes(body));
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
    class A_structured_one {
        @Test
        void is_recorded_with_its_source_and_id_and_its_data_as_sent() throws SQLException {
            String event = Events.started("c-1", "c-p1");
            long position = position(structured(cloudEvent("one", event)));

            assertThat(sender(position)).containsExactly("/east", "one");
            assertThat(ledger.get("/v1/events/" + position).text())
                    .endsWith(",\"event\":" + event.replace("\"kind\":\"app\",", "") + "}");
        }

        @Test
        void may_have_its_attributes_behind_the_data_and_extensions_of_any_name() throws SQLException {
            long position = position(structured("""
                    {"data":%s,"traceparent":"00-1","sampled":true,"sequence":7,"nothing":null,"time":"2026-01-02T03:04:05.5+01:00",
                    "dataschema":"https://example.com/s","subject":"x","datacontenttype":"application/json; charset=utf-8",
                    "type":"t","source":"urn:a:%%C3%%BC","id":"ü\\"","specversion":"1.0"}
                    """.formatted(Events.service("c-2", "c-i2", "CREATED"))));

            assertThat(sender(position)).containsExactly("urn:a:%C3%BC", "ü\"");
        }

        /** What one ledger hands out says its kind in its type alone; who reads JSON into a map sends it on in any order. */
        @ParameterizedTest
        @ValueSource(strings = {"\"type\":%2$s,\"data\":%1$s", "\"data\":%1$s,\"type\":%2$s"})
        void is_of_the_stream_its_type_names_wherever_that_stands(String members) {
            String body = "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"/east\"," + members + "}";
            String event = Events.started("c-order", "c-order").replace("\"kind\":\"app\",", "");

            position(structured(body.formatted(event, "\"org.usageledger.app.started\"")));
            assertThat(onlyError(structured(body.formatted(event, "\"com.example.usage\"")))
                            .path("field")
                            .asText())
                    .isEqualTo("data.kind");
            Answer contradicts = structured(
                    body.formatted(Events.started("c-order", "c-order"), "\"org.usageledger.service.created\""));
            assertThat(contradicts.status()).as(contradicts.toString()).isEqualTo(400);
            assertThat(contradicts.json().path("errors").findValuesAsText("field"))
                    .contains("data.kind");
        }

        @Test
        void may_be_compressed_and_in_Base64() throws SQLException {
            String data = Base64.getEncoder().encodeToString(bytes(Events.started("c-3", "c-p3")));
            String body = cloudEvent("three", "0").replace("\"data\":0", "\"data_base64\":\"" + data + "\"");
            Answer answer = ledger.post("/v1/events", STRUCTURED, gzip(bytes(body)), "Content-Encoding", "gzip");

            assertThat(sender(position(answer))).containsExactly("/east", "three");
        }

        @Test
        void is_known_by_its_data_whatever_its_attributes_are() throws SQLException {
            String event = Events.started("c-4", "c-p4");
            long position = position(structured(cloudEvent("first", event)));
            Answer again = structured(cloudEvent("second", event));

            assertThat(again.json().path("duplicates").asInt()).isEqualTo(1);
            assertThat(position(again)).isEqualTo(position);
            assertThat(sender(position)).containsExactly("/east", "first");
        }

        @Test
        void that_is_a_task_stop_keeps_its_sender_until_a_beginning_brings_it_into_the_log() throws SQLException {
            Answer stop =
                    structured(cloudEvent("the-stop", Events.task("c-stop", "c-task", "TASK_STOPPED", "RUNNING")));
            assertThat(stop.json().path("suppressed").asInt())
                    .as(stop.toString())
                    .isEqualTo(1);
            long beginning = position(ledger.append(Events.task("c-begin", "c-task", "TASK_STARTED", "PENDING")));

            assertThat(ledger.get("/v1/events/" + (beginning + 1)).text()).contains("\"c-stop\"");
            assertThat(sender(beginning)).containsExactly("-", "-");
            assertThat(sender(beginning + 1)).containsExactly("/east", "the-stop");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "\"specversion\":\"1.0\",           | ``                            | specversion",
                    "\"specversion\":\"1.0\"            | \"specversion\":\"0.3\"       | specversion",
                    "\"specversion\":\"1.0\"            | \"specversion\":1             | specversion",
                    "\"id\":\"x\"                       | \"id\":\"\"                   | id",
                    "\"id\":\"x\"                       | \"id\":\"a\\u0000\"           | id",
                    "\"id\":\"x\"                       | \"id\":\"x\",\"id\":\"y\"     | id",
                    "\"source\":\"/east\",              | ``                            | source",
                    "\"source\":\"/east\"               | \"source\":\"a b\"            | source",
                    "\"type\":\"com.example.usage\"     | \"type\":[]                   | type",
                    "\"type\":\"com.example.usage\"     | \"type\":\"\"                 | type",
                    "\"id\":\"x\"        | \"id\":\"x\",\"time\":\"2026-01-01T00:00Z\"     | time",
                    "\"id\":\"x\"                       | \"id\":\"x\\n\"                | id",
                    "\"id\":\"x\"                       | \"id\":\"x\",\"ext\":\"\\t\"  | ext",
                    "\"id\":\"x\"                       | \"id\":\"x\",\"subject\":\"\" | subject",
                    "\"id\":\"x\"                       | \"id\":\"x\",\"Ext\":\"1\"    | Ext",
                    "\"id\":\"x\"                       | \"id\":\"x\",\"ext\":{}       | ext",
                    "\"id\":\"x\"  | \"id\":\"x\",\"datacontenttype\":\"application/xml\"  | datacontenttype",
                    "\"id\":\"x\"  | \"id\":\"x\",\"data_base64\":\"e30=\"                 | data",
                    "\"data\":     | \"notdata\":                                          | notdata",
                })
        void is_refused_by_the_attribute_that_is_wrong(String good, String bad, String attribute) {
            String body = cloudEvent("x", Events.started("c-bad", "c-bad"));
            assertThat(body).contains(good);
            Answer answer = structured(body.replaceFirst(
                    java.util.regex.Pattern.quote(good),
                    java.util.regex.Matcher.quoteReplacement(bad == null ? "" : bad)));

            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.json().path("errors").findValuesAsText("field"))
                    .as(answer.toString())
                    .contains(attribute);
            assertThat(ledger.get("/v1/events?guid=c-bad").json().path("events"))
                    .isEmpty();
        }

        @Test
        void is_refused_by_the_field_of_its_data_that_is_wrong() {
            String body = cloudEvent("x", Events.started("c-bad", "c-bad").replace("\"STARTED\"", "7"));

            assertThat(onlyError(structured(body)).path("field").asText()).isEqualTo("data.state.current");
        }

        @Test
        void in_Base64_is_refused_by_what_is_in_it() {
            for (String data :
                    List.of("%%%", base64("[]"), base64("{\"guid\":"), base64("{} {}"), base64("{\"x\":\"\0\"}"))) {
                String body = cloudEvent("x", "0").replace("\"data\":0", "\"data_base64\":\"" + data + "\"");
                assertThat(onlyError(structured(body)).path("field").asText())
                        .as(data)
                        .isEqualTo("data_base64");
            }
        }

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(bytes(text));
        }

        @Test
        void larger_than_an_event_may_be_is_too_large_in_both_forms() {
            String event = Events.started("c-big", "c-big").replace("shop", "x".repeat(70_000));
            String encoded = cloudEvent("x", "0").replace("\"data\":0", "\"data_base64\":\"" + base64(event) + "\"");

            for (String body : List.of(cloudEvent("x", event), encoded)) {
                Answer answer = structured(body);
                assertThat(answer.status()).as(answer.toString()).isEqualTo(413);
                assertThat(answer.json().path("limit").asText()).isEqualTo("event-bytes");
            }
        }

        @Test
        void followed_by_something_is_refused() {
            String body = cloudEvent("x", Events.started("c-bad", "c-bad"));

            assertThat(structured(body + "{}").problem()).isEqualTo("malformed-body");
            assertThat(structured("[" + body + "]").problem()).isEqualTo("malformed-body");
            assertThat(structured(body.substring(0, 90)).status()).isEqualTo(400);
        }

        @Test
        void with_more_attributes_than_anyone_has_is_refused() {
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 100_000; i++) {
                many.append("\"x").append(i).append("\":1,");
            }
            String body = cloudEvent("x", Events.started("c-bad", "c-bad"));

            assertThat(structured("{" + many + body.substring(1)).text()).contains("more than 64 attributes");
        }
    }

    @Test
    void events_that_came_otherwise_have_no_sender() throws SQLException {
        assertThat(sender(position(ledger.append(Events.started("plain-1", "plain-p1")))))
                .containsExactly("-", "-");
    }
}
