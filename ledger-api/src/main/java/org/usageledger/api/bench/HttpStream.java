package org.usageledger.api.bench;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A reader who takes the last events of the log as one NDJSON answer and counts its lines. */
final class HttpStream implements Contender, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final int BUFFER_BYTES = 1 << 20;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();
    private final HttpRequest request;
    private final long events;

    /** @param head where the log ends; the reader begins so many events before it */
    HttpStream(URI service, long head, long events) {
        this.events = events;
        request = HttpRequest.newBuilder(service.resolve("/v1/events?after=" + HttpAppends.cursor(head - events)))
                .header("Accept", "application/x-ndjson")
                .timeout(DEADLINE)
                .build();
    }

    @Override
    public String name() {
        return "stream";
    }

    @Override
    public long run() throws Exception {
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        long lines = 0;
        try (InputStream body = answer.body()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        if (answer.statusCode() != 200 || lines != events) {
            throw new RunRefused("The run is refused: of " + events + " events " + lines + " came, with status "
                    + answer.statusCode() + ".");
        }
        return lines;
    }

    @Override
    public void close() {
        client.close();
    }
}
