package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.postgres.EmbeddedPostgres;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.PrivateServer;
import org.usageledger.postgres.testing.ServerVersion;

@Timeout(300)
class SupervisionTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Mutant: the service is not told where its database is now. */
    @Test
    void a_service_whose_database_was_killed_and_whose_port_was_taken_meanwhile_goes_on_at_another()
            throws IOException {
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.start(PrivateServer.settings(ServerVersion.NEWEST), progress -> {})) {
            Service service =
                    Service.start(Settings.of(postgres.serviceAddress()).migratedBy(postgres.address()));
            assertThat(append(service, "e-1").statusCode()).isEqualTo(200);
            ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
            Await.untilTrue(PATIENCE, () -> "still running", () -> !postgres.running());
            try (ServerSocket taken = new ServerSocket(postgres.port(), 1, InetAddress.getLoopbackAddress());
                    Supervision _ = new Supervision(postgres, postgres.serviceAddress(), service::moveTo);
                    service) {
                Await.untilTrue(
                        PATIENCE,
                        () -> "not answering",
                        () -> append(service, "e-2").statusCode() == 200);
                assertThat(postgres.port()).isNotEqualTo(taken.getLocalPort());
                Await.untilTrue(
                        PATIENCE,
                        () -> get(service, "/health"),
                        () -> get(service, "/health").contains("\"problem\":\"\""));
                assertThat(get(service, "/v1/events?limit=10")).contains("e-1", "e-2");
            }
        }
    }

    private static String get(Service service, String path) {
        return send(HttpRequest.newBuilder(uri(service, path))).body();
    }

    private static HttpResponse<String> append(Service service, String guid) {
        String body = "{\"events\":[" + Events.started(guid, "p-" + guid) + "]}";
        return send(HttpRequest.newBuilder(uri(service, "/v1/events"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static URI uri(Service service, String path) {
        return URI.create(service.url() + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("asking the service", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
