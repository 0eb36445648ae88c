package org.usageledger.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
            List<FeedReader> reading = new ArrayList<>();
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                List<URI> one = List.of(services.get(i % 3));
                FeedReader reader = new FeedReader(client, () -> one, 0, i < 3 ? "5s" : "");
                reading.add(reader);
                ends.add(readers.submit(reader));
            }
            load.sendTo(services);
            Await.untilTrue(PATIENCE, () -> load.acknowledged() + " acknowledged", () -> load.acknowledged() >= EVENTS);
            load.finish();
            long head = WholeFeed.read(first.uri("/")).size();
            for (FeedReader reader : reading) {
                Await.untilTrue(
                        PATIENCE,
                        reader::toString,
                        () -> reader.read() >= head || !reader.problem().isEmpty());
                reader.stop();
            }
            for (Future<Void> end : ends) {
                end.get(30, TimeUnit.SECONDS);
            }
            verifyReaders(reading, head);
            assertThat(WholeFeed.read(third.uri("/")).problems(load.attemptedGuids(), load.acknowledgedGuids()))
                    .isEmpty();
            assertThat(load.unexpected()).isEmpty();
            System.out.println("three services: " + head + " events, " + load.retries() + " retries " + load.reasons()
                    + ", seed " + seed + ", 0 missed, 0 double, 0 holes by 6 readers");
        }
    }

    private static void verifyReaders(List<FeedReader> readers, long head) {
        assertThat(readers).extracting(FeedReader::problem).containsOnly("");
        assertThat(readers).extracting(FeedReader::read).containsOnly(head);
        assertThat(readers).extracting(FeedReader::unanswered).containsOnly(0L);
    }
}
