package org.usageledger.api.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;

/** A collector that takes no spans. */
@Timeout(120)
class CollectorAwayTest {
    private static final Duration WHILE = Duration.ofSeconds(60);

    private static TraceSettings sentTo(int port) {
        return new TraceSettings(
                Optional.of(TraceSettings.otlp(URI.create("http://127.0.0.1:" + port), Map.of())), 1, "test");
    }

    private static void servesOnAndCloses(LiveService ledger) {
        for (int i = 0; i < 100; i++) {
            assertThat(ledger.append(Events.started("c-" + i, "c-p" + i)).status())
                    .isEqualTo(200);
        }
        assertThat(ledger.get("/health").json().path("degraded").path("parts")).isEmpty();
        assertThat(CompletableFuture.runAsync(ledger::close)).succeedsWithin(WHILE);
    }

    @Test
    void because_nobody_is_there_changes_nothing_for_those_who_are_served() throws IOException {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        servesOnAndCloses(LiveService.traced(sentTo(nobody)));
    }

    @Test
    void because_it_never_answers_changes_nothing_either() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            servesOnAndCloses(LiveService.traced(sentTo(mute.getLocalPort())));
        }
    }

    /** Mutant: what is left of spans waited for until it is sent. */
    @Test
    void is_waited_for_at_the_end_no_longer_than_it_takes_one_that_answers() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Observation observation = new Observation(sentTo(mute.getLocalPort()), "node", "1");
            observation.folds();
            observation
                    .tracing()
                    .begin(io.micronaut.http.HttpRequest.GET("/"), new Route("GET", "/"))
                    .end(200);

            // Less than what one try to send takes.
            assertThat(CompletableFuture.runAsync(observation::close)).succeedsWithin(Duration.ofSeconds(8));
        }
    }
}
