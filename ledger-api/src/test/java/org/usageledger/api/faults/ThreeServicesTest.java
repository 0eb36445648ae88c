package org.usageledger.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;
import org.usageledger.postgres.testing.Await;

/**
 * Three services on one database, writers on all of them, readers by page and by long poll meanwhile: every reader sees every position once, in
 * order. 20,000 events, or as many as {@code -Dledger.history.events} says.
 */
class ThreeServicesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EVENTS = Long.getLong("ledger.history.events", 20_000);
    private static final Duration PATIENCE = Duration.ofMinutes(EVENTS > 50_000 ? 30 : 3);

    @Test
    void every_reader_sees_every_event_of_racing_writers_once_in_one_order() throws Exception {
        long seed = Long.getLong("ledger.seed", System.nanoTime());
        try (LiveService first = LiveService.start();
                LiveService second = first.another();
                LiveService third = first.another();
                Load load = new Load(seed, 16);
                HttpClient client = HttpClient.newHttpClient();
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<URI> services = List.of(first.uri("/"), second.uri("/"), third.uri("/"));
            List<Reader> reading = new ArrayList<>();
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Reader reader = new Reader(client, services.get(i % 3), i < 3 ? "&wait=5s" : "");
                reading.add(reader);
                ends.add(readers.submit(reader));
            }
            load.sendTo(services);
            Await.untilTrue(PATIENCE, () -> load.acknowledged() + " acknowledged", () -> load.acknowledged() >= EVENTS);
            load.finish();
            long head = WholeFeed.read(first.uri("/")).size();
            for (Reader reader : reading) {
                Await.untilTrue(
                        PATIENCE,
                        reader::toString,
                        () -> reader.read() >= head || !reader.problem().isEmpty());
                reader.stop();
            }
            for (Future<Void> end : ends) {
                end.get(30, TimeUnit.SECONDS);
            }
            assertThat(reading).extracting(Reader::problem).containsOnly("");
            assertThat(reading).extracting(Reader::read).containsOnly(head);
            assertThat(WholeFeed.read(third.uri("/")).problems(load.attemptedGuids(), load.acknowledgedGuids()))
                    .isEmpty();
            assertThat(load.unexpected()).isEmpty();
            System.out.println("three services: " + head + " events, " + load.retries() + " retries " + load.reasons()
                    + ", seed " + seed + ", 0 missed, 0 double, 0 holes by 6 readers");
        }
    }

    /** Goes forward by cursor from the beginning, as a billing poller does. */
    private static final class Reader implements Callable<Void> {
        private final HttpClient client;
        private final URI service;
        private final String wait;
        private volatile long read;
        private volatile String problem = "";
        private volatile boolean stopped;

        Reader(HttpClient client, URI service, String wait) {
            this.client = client;
            this.service = service;
            this.wait = wait;
        }

        @Override
        public Void call() throws IOException, InterruptedException {
            String cursor = "oldest";
            while (!stopped && problem.isEmpty()) {
                HttpRequest request = HttpRequest.newBuilder(
                                service.resolve("/v1/events?limit=500&after=" + cursor + wait))
                        .timeout(Duration.ofSeconds(60))
                        .build();
                HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() != 200) {
                    problem = "answered " + answer.statusCode();
                    return null;
                }
                JsonNode page = JSON.readTree(answer.body());
                page.path("events").forEach(this::take);
                cursor = page.path("next").asText();
            }
            return null;
        }

        private void take(JsonNode event) {
            long position = event.path("position").asLong();
            if (position != read + 1 && problem.isEmpty()) {
                problem = "after " + read + " came " + position;
            }
            read = position;
        }

        long read() {
            return read;
        }

        String problem() {
            return problem;
        }

        void stop() {
            stopped = true;
        }

        @Override
        public String toString() {
            return "a reader of " + service + " has read up to " + read + " " + problem;
        }
    }
}
