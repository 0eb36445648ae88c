package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.event.EventLimits;
import org.usageledger.testing.Seed;

/** Whatever a sender gets wrong is its own fault, is told so with the place, and changes nothing. */
class MalformedInputsTest {
    private static final int INPUTS = 300;
    private static final IngestLimits SMALL =
            new IngestLimits(256 * 1024, 100, new EventLimits(16 * 1024, 32), 1 << 20, IngestLimits.DEFAULT.arrival());

    @Test
    void three_hundred_generated_inputs_are_each_refused_with_their_place_and_leave_nothing_behind() {
        RandomGenerator random = Seed.forRun().generator();
        try (LiveService ledger = LiveService.start(settings -> settings.with(SMALL))) {
            for (int i = 0; i < INPUTS; i++) {
                MalformedInput input = MalformedInput.generate(random, i, SMALL);
                Answer answer = input.sendTo(ledger);
                String what = "input " + i + ": " + input + "\nanswer: " + answer;
                assertThat(answer.status()).as(what).isBetween(400, 499);
                assertThat(answer.problem()).as(what).isNotEmpty();
                assertThat(namesPlace(answer.json())).as(what).isTrue();
            }
            JsonNode page = ledger.get("/v1/events?after=oldest").json();
            assertThat(page.path("events")).isEmpty();
            assertThat(page.path("complete_up_to").path("position").asLong()).isZero();
            assertThat(ledger.append(Events.started("e-1", "p-1")).status()).isEqualTo(200);
        }
    }

    private static boolean namesPlace(JsonNode problem) {
        boolean byMember = problem.has("index") || problem.has("limit");
        boolean byErrors = problem.path("errors").path(0).has("index");
        String detail = problem.path("detail").asText();
        return byMember
                || byErrors
                || detail.contains("Content-")
                || detail.contains("charset")
                || detail.contains("body")
                || detail.contains("\"events\"")
                || detail.contains("at byte");
    }

    @Test
    void a_compressed_body_that_grows_beyond_the_limit_is_cut_off_there() {
        try (LiveService ledger = LiveService.start()) {
            byte[] bomb = LiveService.gzip(bytes("{\"events\":[" + " ".repeat(20 << 20) + "]}"));
            Answer answer = ledger.post("/v1/events", "application/json", bomb, "Content-Encoding", "gzip");

            assertThat(answer.status()).as(answer.toString()).isEqualTo(413);
            assertThat(answer.json().path("limit").asText()).isEqualTo("request-bytes");
            assertThat(answer.json().path("limit_value").asLong()).isEqualTo(16L << 20);
        }
    }
}
