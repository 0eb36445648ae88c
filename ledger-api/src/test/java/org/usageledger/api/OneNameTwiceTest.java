package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.postgres.testing.Await;

/** Two services on one database that were given one node name. */
@Timeout(180)
class OneNameTwiceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void the_older_says_so_and_leaves_the_work_to_the_younger() {
        try (LiveService older = LiveService.start(OneNameTwiceTest::named);
                LiveService younger = older.another(OneNameTwiceTest::named)) {
            Await.untilTrue(
                    PATIENCE,
                    () -> degraded(older).toString(),
                    () -> degraded(older)
                            .path("problem")
                            .asText()
                            .contains("another service was started under the node name one-name"));
            assertThat(degraded(older).path("since").asText()).isNotEmpty();
            assertThat(degraded(younger).path("problem").asText()).isEmpty();
            assertThat(older.get("/health/readiness").status()).isEqualTo(503);
            assertThat(younger.get("/health/readiness").status()).isEqualTo(200);

            String head = older.append(Events.started("e-1", "p-1"))
                    .json()
                    .path("head")
                    .asText();
            assertThat(older.get("/v1/running?not_before=" + head).json().path("running"))
                    .hasSize(1);
        }
    }

    /** Mutant: the address tried last. */
    @Test
    void the_younger_is_refused_before_it_takes_the_name_if_its_address_is_taken() {
        try (LiveService older = LiveService.start(OneNameTwiceTest::named)) {
            int port = older.uri("/").getPort();

            assertThatThrownBy(() -> older.another(settings -> named(settings).listening("127.0.0.1", port))
                            .close())
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("cannot be listened on");
            assertThat(older.get("/v1/nodes").json().path("nodes").findValuesAsText("incarnation"))
                    .containsExactly("1");
        }
    }

    private static Settings named(Settings settings) {
        return settings.named("one-name");
    }

    private static JsonNode degraded(LiveService service) {
        return service.get("/health").json().path("degraded");
    }
}
