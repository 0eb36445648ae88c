package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.api.access.RouteTable;
import org.usageledger.postgres.testing.Await;

/** A question for headers only takes nothing away from others. */
class HeadTest {
    private static final String LINES = "application/x-ndjson";

    @Test
    void gives_back_what_an_answer_would_have_been_read_from_on_every_route() {
        try (LiveService ledger = LiveService.start()) {
            for (int i = 0; i < 12; i++) {
                for (String route : RouteTable.entries().keySet()) {
                    if (route.startsWith("GET ")) {
                        head(ledger, route.substring("GET ".length()));
                    }
                }
            }
            HikariDataSource readers = (HikariDataSource) ledger.readers();
            Await.untilTrue(
                    Duration.ofSeconds(20),
                    () -> readers.getHikariPoolMXBean().getActiveConnections() + " connections in use",
                    () -> readers.getHikariPoolMXBean().getActiveConnections() == 0);
            Answer stream = ledger.get("/v1/running", "Accept", LINES);
            assertThat(stream.status()).as(stream.toString()).isEqualTo(200);
        }
    }

    private static void head(LiveService ledger, String template) {
        String path = template.replaceAll("\\{\\w+}", "1");
        for (String accepted : new String[] {"*/*", LINES, "text/event-stream"}) {
            Answer answer =
                    ledger.send(ledger.request(path, "Accept", accepted).method("HEAD", BodyPublishers.noBody()));
            assertThat(answer.status()).as(path + " " + answer).isNotIn(429, 500, 503);
            assertThat(answer.response().body()).isEmpty();
        }
    }
}
