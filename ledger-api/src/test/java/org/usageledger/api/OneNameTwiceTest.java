package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.postgres.testing.Await;

/** Two services on one database that were given one node name. */
@Timeout(180)
class OneNameTwiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final UnaryOperator<Settings> NAMED = settings -> new Settings(
            settings.database(),
            settings.bind(),
            settings.port(),
            settings.authentication(),
            settings.ingest(),
            settings.appender(),
            settings.connections(),
            "one-name");

    @Test
    void the_older_says_so_and_leaves_the_work_to_the_younger() {
        try (LiveService older = LiveService.start(NAMED);
                LiveService younger = older.another(NAMED)) {
            Await.untilTrue(
                    PATIENCE,
                    () -> degraded(older).toString(),
                    () -> degraded(older)
                            .path("problem")
                            .asText()
                            .contains("another service was started under the node name one-name"));
            assertThat(degraded(older).path("since").asText()).isNotEmpty();
            assertThat(degraded(younger).path("problem").asText()).isEmpty();

            older.append(Events.started("e-1", "p-1"));
            String head = older.get("/health").json().path("log").path("head").asText();
            assertThat(older.get("/v1/running?not_before=" + head).json().path("running"))
                    .hasSize(1);
        }
    }

    private static JsonNode degraded(LiveService service) {
        return service.get("/health").json().path("degraded");
    }
}
