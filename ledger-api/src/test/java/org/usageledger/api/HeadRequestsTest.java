package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;

/** HEAD on routes whose answers hold something open while they are read. */
class HeadRequestsTest {
    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
        ledger.append(Events.started("e-1", "p-1"));
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static LiveService.Answer head(String path, String... headers) {
        return ledger.send(ledger.request(path, headers).method("HEAD", BodyPublishers.noBody()));
    }

    @Test
    void take_no_place_among_those_who_follow() {
        for (int i = 0; i < 3; i++) {
            LiveService.Answer answer = head("/v1/events/stream");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
        }

        assertThat(ledger.get("/prometheus").text()).contains("\nledger_followers 0.0\n");
    }

    @Test
    void give_back_what_a_stream_of_what_runs_holds() {
        for (int i = 0; i < 20; i++) {
            head("/v1/running", "Accept", "application/x-ndjson");
        }

        Await.untilTrue(
                Duration.ofSeconds(30),
                () -> "no place for a stream of what runs",
                () -> ledger.get("/v1/running", "Accept", "application/x-ndjson")
                                .status()
                        == 200);
    }
}
