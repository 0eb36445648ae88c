package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

/** What readers of CloudEvents get, judged by the specification's own library. */
class CloudEventsOutTest {
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final EventFormat FORMAT = new JsonFormat();
    private static final String FIRST = Events.started("o-1", "o-p1");

    private LiveService ledger;

    @BeforeEach
    void start() {
        ledger = LiveService.start();
        ledger.append(
                FIRST, Events.service("o-2", "o-i2", "CREATED"), Events.process("o-3", "o-p3", "BUILDPACK_SET", 1));
        ledger.post(
                "/v1/events", STRUCTURED, bytes("""
                {"specversion":"1.0","id":"ü 1","source":"urn:east","type":"t","data":%s}
                """.formatted(Events.task("o-4", "o-t4", "TASK_STARTED", "PENDING"))));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private static CloudEvent read(byte[] json) {
        return FORMAT.deserialize(json);
    }

    private List<CloudEvent> batch(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(BATCH);
        List<CloudEvent> events = new ArrayList<>();
        for (JsonNode event : answer.json()) {
            events.add(read(bytes(event.toString())));
        }
        return events;
    }

    private static String data(CloudEvent event) {
        CloudEventData data = Objects.requireNonNull(event.getData());
        return new String(data.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void a_page_is_a_batch_with_the_cursor_in_headers() {
        Answer answer = ledger.get("/v1/events?limit=3", "Accept", BATCH);
        List<CloudEvent> events = batch(answer);

        assertThat(events).extracting(CloudEvent::getId).containsExactly("1-1", "1-2", "1-3");
        assertThat(events)
                .extracting(CloudEvent::getType)
                .containsExactly(
                        "org.usageledger.app.started",
                        "org.usageledger.service.created",
                        "org.usageledger.app.buildpack_set");
        assertThat(answer.header("Ledger-Next")).isEqualTo("1-3-0");
        assertThat(answer.header("Ledger-Complete-Up-To")).isEqualTo("4");
        assertThat(answer.header("Ledger-Pruned-Up-To")).isEqualTo("0");
        assertThat(batch(ledger.get("/v1/events?after=1-3-0", "Accept", BATCH)))
                .extracting(CloudEvent::getId)
                .containsExactly("1-4");
        assertThat(ledger.get("/v1/events?after=9-9-9", "Accept", BATCH).problem())
                .isEqualTo("cursor-beyond-head");
    }

    @Test
    void each_says_what_the_feed_says_and_carries_the_event_as_it_was_sent() {
        JsonNode logged = ledger.get("/v1/events/1").json();
        CloudEvent event =
                batch(ledger.get("/v1/events?limit=1", "Accept", BATCH)).getFirst();

        assertThat(event.getSource().toString())
                .matches("urn:usage-ledger:log:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(event.getSubject()).isEqualTo("process/o-p1");
        assertThat(Objects.requireNonNull(event.getTime()).toInstant()).hasToString("2026-01-02T03:04:05Z");
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(event.getExtension("ledgerposition")).isEqualTo("1");
        assertThat(event.getExtension("ledgerorigin")).isEqualTo("platform");
        assertThat(event.getExtension("ledgerrecordedat"))
                .isEqualTo(logged.path("recorded_at").asText());
        assertThat(event.getExtensionNames())
                .containsExactlyInAnyOrder("ledgerposition", "ledgerorigin", "ledgerrecordedat");
        assertThat(data(event)).isEqualTo(FIRST.replace("\"kind\":\"app\",", ""));
    }

    /**
     * Readers remove duplicates by source and id, and every log has an event 1-1. Databases of tests are copies of one that is migrated
     * once, so the other one must be given a name as any copy must.
     */
    @Test
    void two_logs_in_one_PostgreSQL_are_two_sources() throws SQLException {
        try (LiveService other = LiveService.start();
                Connection owner = other.database().open();
                PreparedStatement rename = owner.prepareStatement("""
                        update ledger_identity
                        set id = gen_random_uuid()
                        """)) {
            rename.executeUpdate();
            other.append(Events.started("o-other", "o-other"));
            CloudEvent theirs =
                    batch(other.get("/v1/events?limit=1", "Accept", BATCH)).getFirst();
            CloudEvent ours =
                    batch(ledger.get("/v1/events?limit=1", "Accept", BATCH)).getFirst();

            assertThat(theirs.getId()).isEqualTo(ours.getId());
            assertThat(theirs.getSource()).isNotEqualTo(ours.getSource());
        }
    }

    @Test
    void what_no_attribute_may_hold_is_replaced_in_type_and_subject() {
        try (LiveService other = LiveService.start()) {
            Answer sent = other.append(
                    Events.service("o-odd", "o-\\u0007i", "CREATED"), Events.service("o-new", "o-i", "A\\nB"));
            assertThat(sent.status()).as(sent.toString()).isEqualTo(200);
            List<CloudEvent> events = batch(other.get("/v1/events", "Accept", BATCH));

            assertThat(events.getFirst().getSubject()).isEqualTo("service_instance/o-\ufffdi");
            assertThat(events.getLast().getType()).isEqualTo("org.usageledger.service.a\ufffdb");
        }
    }

    @Test
    void those_of_a_guid_are_a_batch_too() {
        assertThat(batch(ledger.get("/v1/events?guid=o-2", "Accept", BATCH)))
                .extracting(CloudEvent::getSubject)
                .containsExactly("service_instance/o-i2");
    }

    @Test
    void one_that_came_as_a_CloudEvent_says_as_which() {
        CloudEvent event =
                read(ledger.get("/v1/events/4", "Accept", STRUCTURED).response().body());

        assertThat(event.getExtension("sendersource")).isEqualTo("urn:east");
        assertThat(event.getExtension("senderid")).isEqualTo("ü 1");
        assertThat(event.getId()).isEqualTo("1-4");
        assertThat(event.getSource()).isNotEqualTo(URI.create("urn:east"));
    }

    @Test
    void one_is_structured_or_binary_or_the_feeds_own_object_as_asked_for() {
        Answer structured = ledger.get("/v1/events/4", "Accept", STRUCTURED + ", application/json;q=0.5");
        Answer binary = ledger.get("/v1/events/4?cloudevents=binary");
        Answer plain = ledger.get("/v1/events/4", "Accept", "*/*");

        assertThat(structured.header("Content-Type")).isEqualTo(STRUCTURED);
        assertThat(binary.header("Content-Type")).isEqualTo("application/json");
        assertThat(binary.text()).isEqualTo(data(read(structured.response().body())));
        assertThat(binary.header("ce-senderid")).isEqualTo("%C3%BC%201");
        JsonNode attributes = structured.json();
        for (String name : List.of("specversion", "id", "source", "type", "subject", "time", "senderid")) {
            assertThat(URLDecoder.decode(binary.header("ce-" + name), StandardCharsets.UTF_8))
                    .isEqualTo(attributes.path(name).asText());
        }
        assertThat(plain.json().path("position").asInt()).isEqualTo(4);
        assertThat(ledger.get("/v1/events/4?cloudevents=structured").problem()).isEqualTo("bad-parameter");
        assertThat(ledger.get("/v1/events/9", "Accept", STRUCTURED).problem()).isEqualTo("position-not-given");
    }

    @Test
    void what_goes_out_of_one_ledger_goes_into_another() {
        String out = ledger.get("/v1/events", "Accept", BATCH).text();
        try (LiveService other = LiveService.start()) {
            Answer answer = other.post("/v1/events", BATCH, bytes(out));

            assertThat(answer.json().path("recorded").asInt())
                    .as(answer.toString())
                    .isEqualTo(4);
        }
    }

    @Test
    void an_id_names_one_event_for_ever_also_where_its_position_is_given_again() throws SQLException {
        List<CloudEvent> before = batch(ledger.get("/v1/events", "Accept", BATCH));
        LostHistory.after(ledger, 2);
        ledger.append(Events.started("o-5", "o-p5"), Events.started("o-6", "o-p6"));
        List<CloudEvent> after = batch(ledger.get("/v1/events", "Accept", BATCH));

        assertThat(after).extracting(CloudEvent::getId).containsExactly("1-1", "1-2", "2-3", "2-4");
        assertThat(after)
                .extracting(CloudEvent::getSource)
                .containsOnly(before.getFirst().getSource());
        Set<String> all = new HashSet<>();
        before.forEach(event -> all.add(event.getId()));
        after.forEach(event -> all.add(event.getId()));
        assertThat(all).hasSize(6);
    }
}
