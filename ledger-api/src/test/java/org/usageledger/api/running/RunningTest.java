package org.usageledger.api.running;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

class RunningTest {
    private static LiveService ledger;
    private static String head;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
        Answer answer = ledger.append(
                Events.started("e-1", "p-1"),
                Events.started("e-2", "p-2"),
                Events.process("e-3", "p-2", "STARTED", 5),
                Events.started("e-4", "p-3"),
                Events.stopped("e-5", "p-3"),
                Events.task("e-6", "t-1", "TASK_STARTED", "PENDING"),
                Events.service("e-7", "i-1", "CREATED"));
        head = answer.json().path("head").asText();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static JsonNode running(String query) {
        Answer answer = ledger.get("/v1/running?not_before=" + head + query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> guids(JsonNode resources) {
        List<String> guids = new ArrayList<>();
        resources.forEach(resource -> guids.add(resource.path("guid").asText()));
        return guids;
    }

    @Test
    void what_has_begun_and_not_ended_is_there_with_what_its_latest_event_said() {
        JsonNode answer = running("");

        assertThat(guids(answer.path("running"))).containsExactly("p-1", "p-2", "t-1", "i-1");
        assertThat(answer.path("as_of").path("cursor").asText()).isEqualTo(head);
        assertThat(answer.path("next").isNull()).isTrue();
        assertThat(answer.path("running").get(1).toString())
                .isEqualTo(
                        "{\"kind\":\"process\",\"guid\":\"p-2\",\"since\":\"2026-01-02T03:04:05Z\",\"since_exact\":true,"
                                + "\"instances\":5,\"memory_mb\":512,\"app\":{\"guid\":\"a-p-2\",\"name\":\"shop\"},"
                                + "\"process\":{\"guid\":\"p-2\",\"type\":\"web\"},\"task\":{\"guid\":null,\"name\":null},"
                                + "\"service_instance\":null,\"service_plan\":null,\"service_offering\":null,"
                                + "\"space\":{\"guid\":\"s-1\",\"name\":\"dev\"},\"organization\":{\"guid\":\"o-1\"},"
                                + "\"first_position\":2,\"latest_position\":3}");
        assertThat(answer.path("running").get(3).path("instances").isNull()).isTrue();
    }

    @Test
    void filters_narrow_it() {
        assertThat(guids(running("&kind=task").path("running"))).containsExactly("t-1");
        assertThat(guids(running("&app=a-p-1").path("running"))).containsExactly("p-1");
        assertThat(guids(running("&organization=o-1&space=s-1").path("running")))
                .hasSize(4);
        assertThat(guids(running("&space=elsewhere").path("running"))).isEmpty();
    }

    @Test
    void pages_lead_from_one_to_the_next_under_the_first_ones_moment() {
        JsonNode first = running("&limit=3");
        JsonNode second = running("&limit=3&after=" + first.path("next").asText());

        assertThat(guids(first.path("running"))).containsExactly("p-1", "p-2", "t-1");
        assertThat(guids(second.path("running"))).containsExactly("i-1");
        assertThat(second.path("as_of")).isEqualTo(first.path("as_of"));
        assertThat(second.path("next").isNull()).isTrue();
    }

    @Test
    void lines_are_one_snapshot_whose_moment_the_headers_name() {
        Answer lines = ledger.get("/v1/running?not_before=" + head, "Accept", "application/x-ndjson");

        StringBuilder expected = new StringBuilder();
        running("")
                .path("running")
                .forEach(resource -> expected.append(resource).append('\n'));
        assertThat(lines.text()).isEqualTo(expected.toString());
        assertThat(lines.header("Ledger-As-Of")).isEqualTo(head);
        assertThat(lines.header("Ledger-As-Of-Time")).isNotEmpty();
    }

    @Test
    void a_summary_counts_it() {
        JsonNode byKind = ledger.get("/v1/running/summary?not_before=" + head).json();
        assertThat(byKind.path("summary").get(0).toString())
                .isEqualTo("{\"kind\":\"process\",\"resources\":2,\"instances\":7,\"memory_mb\":3584}");

        JsonNode bySpace = ledger.get("/v1/running/summary?group_by=space").json();
        assertThat(bySpace.path("summary").get(0).path("space").asText()).isEqualTo("s-1");
        assertThat(ledger.get("/v1/running/summary?group_by=app").problem()).isEqualTo("bad-parameter");
    }

    @Test
    void what_cannot_be_asked_is_refused() {
        assertThat(ledger.get("/v1/running?not_before=1-999-0").problem()).isEqualTo("cursor-beyond-head");
        assertThat(ledger.get("/v1/running?not_before=soon").problem()).isEqualTo("cursor-malformed");
        assertThat(ledger.get("/v1/running?after=nowhere").problem()).isEqualTo("bad-parameter");
        assertThat(ledger.get("/v1/running?kind=staging").problem()).isEqualTo("bad-parameter");
        assertThat(ledger.get("/v1/running?at=2026-01-01T00:00:00Z").problem()).isEqualTo("bad-parameter");
        assertThat(ledger.get("/v1/running", "Accept", "text/csv").problem()).isEqualTo("not-acceptable");
    }
}
