package org.usageledger.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.usageledger.api.observe.TraceSettings;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

/** A service as its clients see it, on a database of its own unless one is handed in. */
public final class LiveService implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestDatabase database;
    private final boolean ownsDatabase;
    private final Service service;
    private final HttpClient client = HttpClient.newHttpClient();

    private LiveService(TestDatabase database, boolean ownsDatabase, Service service) {
        this.database = database;
        this.ownsDatabase = ownsDatabase;
        this.service = service;
    }

    public static LiveService start() {
        return start(settings -> settings);
    }

    public static LiveService start(UnaryOperator<Settings> change) {
        TestDatabase database = TestPostgres.newDatabase();
        return new LiveService(database, true, Service.start(change.apply(settings(database))));
    }

    /** A service whose spans are sent somewhere. */
    public static LiveService traced(TraceSettings traces) {
        TestDatabase database = TestPostgres.newDatabase();
        return new LiveService(database, true, Service.start(settings(database), traces));
    }

    /** One more service on the same database. */
    public LiveService another() {
        return another(settings -> settings);
    }

    /** As {@link #another()}, with other settings. */
    public LiveService another(UnaryOperator<Settings> change) {
        return new LiveService(database, false, Service.start(change.apply(settings(database))));
    }

    /** As a service is run: by a role that owns nothing. */
    private static Settings settings(TestDatabase database) {
        return Settings.of(database.serviceAddress()).migratedBy(database.address());
    }

    public TestDatabase database() {
        return database;
    }

    public ApplicationContext context() {
        return service.context();
    }

    /** The connections that its readers share. */
    public DataSource readers() {
        return service.readers();
    }

    public URI uri(String path) {
        return URI.create(service.url() + path);
    }

    /** An answer, its body read as JSON where it is some. */
    public record Answer(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + text(), e);
            }
        }

        /** The last part of a problem's type; empty if it is none. */
        public String problem() {
            if (!header("Content-Type").startsWith("application/problem+json")) {
                return "";
            }
            String type = json().path("type").asText();
            return type.substring(type.lastIndexOf(':') + 1);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        @Override
        public String toString() {
            return status() + " " + response.headers().map() + " " + text();
        }
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Answer post(String path, String type, byte[] body, String... headers) {
        return send(
                request(path, headers).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Appends events given as JSON objects. */
    public Answer append(String... events) {
        return post("/v1/events", "application/json", bytes("{\"events\":[" + String.join(",", events) + "]}"));
    }

    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(DEADLINE);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(client.send(request.build(), LiveService::whole));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    /** The whole body; nothing of a stream of events, which has no end. */
    private static BodySubscriber<byte[]> whole(HttpResponse.ResponseInfo answer) {
        return answer.headers()
                        .firstValue("Content-Type")
                        .filter(type -> type.startsWith("text/event-stream"))
                        .isPresent()
                ? new Begun()
                : BodySubscribers.ofByteArray();
    }

    /** Hangs up as soon as the answer has begun. */
    private static final class Begun implements BodySubscriber<byte[]> {
        @Override
        public CompletionStage<byte[]> getBody() {
            return CompletableFuture.completedFuture(new byte[0]);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(List<ByteBuffer> item) {}

        @Override
        public void onError(Throwable throwable) {}

        @Override
        public void onComplete() {}
    }

    public HttpClient client() {
        return client;
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        client.close();
        service.close();
        if (ownsDatabase) {
            database.close();
        }
    }
}
