package org.usageledger.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

/**
 * Three services on one database, one of them killed every 10 seconds and started again, while writers write, readers read and executions are
 * carried out: 3 kills, or 30 in five minutes with {@code -Dledger.soak=true}.
 */
class ThreeNodesProcessTest {
    private static final int KILLS = Boolean.getBoolean("ledger.soak") ? 30 : 3;
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final List<String> NAMES = List.of("n1", "n2", "n3");
    private static final int RESOURCES = 11_000;
    private static final int LIVING = 10_000;
    private static final int STOPS_ONE_IN = 10;

    @Test
    void nothing_is_lost_doubled_or_left_behind_while_nodes_die_in_turn() throws Exception {
        long seed = Long.getLong("ledger.seed", System.nanoTime());
        System.out.println("three nodes: " + KILLS + " kills, seed " + seed);
        try (TestDatabase database = TestPostgres.newDatabase();
                FailureBundle bundle = new FailureBundle("three-nodes", seed);
                Situation situation = new Situation(database, bundle, seed)) {
            situation.begin();
            situation.killInTurn();
            situation.end();
            bundle.passed();
        }
    }

    private static final class Situation implements AutoCloseable {
        private final TestDatabase database;
        private final FailureBundle bundle;
        private final PassHistory history;
        private final Fleet fleet;
        private final Load load;
        private final Starters demos;
        private final Starters large;
        private final LagWatch lag;
        private final HttpClient client = HttpClient.newHttpClient();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<FeedReader> readers = new ArrayList<>();
        private final List<Future<Void>> reading = new ArrayList<>();
        private volatile List<URI> services = List.of();
        private Duration worst = Duration.ZERO;

        Situation(TestDatabase database, FailureBundle bundle, long seed) throws Exception {
            this.database = database;
            this.bundle = bundle;
            history = PassHistory.of(database);
            fleet = new Fleet(database, bundle, Map.of("LEDGER_DATABASE_CONNECTIONS", "4"));
            load = new Load(seed, 3, new Load.Population(RESOURCES, STOPS_ONE_IN));
            demos = new Starters(
                    database,
                    "demo-",
                    seed,
                    6,
                    (dice, before) -> Starters.Wish.demo(2 + dice.nextInt(20), 20 + dice.nextInt(200)));
            large = new Starters(
                    database,
                    "large-",
                    seed,
                    1,
                    (dice, before) -> before % 2 == 0
                            ? new Starters.Wish("rebuild", "\"projection\":\"running\"")
                            : new Starters.Wish("check", ""));
            lag = new LagWatch(database);
        }

        void begin() {
            NAMES.forEach(fleet::start);
            tellEverybody();
            load.beginAll();
            for (int turn = 0; turn < 4; turn++) {
                FeedReader reader = new FeedReader(client, () -> services, turn, turn < 2 ? "5s" : "");
                readers.add(reader);
                reading.add(threads.submit(reader));
            }
        }

        private void tellEverybody() {
            services = fleet.addresses();
            load.sendTo(services);
            demos.sendTo(services);
            large.sendTo(services);
        }

        void killInTurn() throws SQLException {
            for (int kill = 1; kill <= KILLS; kill++) {
                long next = System.nanoTime() + BETWEEN_KILLS.toNanos();
                String name = NAMES.get(kill % NAMES.size());
                worst = longer(worst, lag.worst());
                int hit = fleet.kill(name);
                tellEverybody();
                fleet.start(name);
                tellEverybody();
                bundle.note("kill " + kill + " of " + name + " hit " + hit + ", " + load.acknowledged()
                        + " events acknowledged, " + lag);
                Await.untilTrue(PATIENCE, lag::toString, () -> System.nanoTime() - next >= 0);
            }
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) > 0 ? one : other;
        }

        void end() throws Exception {
            load.finish();
            Await.untilTrue(PATIENCE, lag::toString, lag::isUpToDate);
            Duration last = lag.worst();
            demos.finish();
            large.finish();
            WholeFeed feed = WholeFeed.read(fleet.address("n1"));
            stopReaders(feed.size());
            ExecutionBooks books = new ExecutionBooks(database);
            int living = living();
            System.out.println("three nodes: " + KILLS + " kills, " + feed.size() + " events, " + living
                    + " resources live, " + books.rows().size() + " executions hit " + fleet.hits() + " times ("
                    + large.count() + " rebuilds and checks), requests sent again by writers " + load.retries()
                    + " and by readers "
                    + readers.stream().mapToLong(FeedReader::unanswered).sum()
                    + "; longest lag of the projection " + longer(worst, last).toMillis()
                    + " ms, from the last kill on "
                    + last.toMillis() + " ms");
            assertThat(feed.problems(load.attemptedGuids(), load.acknowledgedGuids()))
                    .isEmpty();
            assertThat(load.unexpected()).isEmpty();
            assertThat(living).isGreaterThan(LIVING * 8 / 10);
            verifyExecutions(books);
            assertThat(history.problems()).isEmpty();
            assertThat(CommandLine.run(fleet.address("n2"), "check"))
                    .as("check")
                    .isZero();
            assertThat(fleet.stop()).isSubsetOf(0, 143);
        }

        private void stopReaders(long head) throws Exception {
            for (FeedReader reader : readers) {
                Await.untilTrue(
                        PATIENCE,
                        reader::toString,
                        () -> reader.read() >= head || !reader.problem().isEmpty());
                reader.stop();
            }
            for (Future<Void> end : reading) {
                end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(readers).extracting(FeedReader::problem).containsOnly("");
            assertThat(readers).extracting(FeedReader::read).containsOnly(head);
        }

        private void verifyExecutions(ExecutionBooks books) throws SQLException {
            Map<String, ExecutionBooks.Row> rows = books.rows();
            for (Starters starters : List.of(demos, large)) {
                Map<String, UUID> acknowledged = starters.acknowledged();
                assertThat(starters.unexpected()).isEmpty();
                assertThat(acknowledged).isNotEmpty();
                assertThat(rows).doesNotContainKeys(starters.refused().toArray(String[]::new));
                acknowledged.forEach((key, execution) -> assertThat(rows.get(key))
                        .as(key)
                        .isNotNull()
                        .returns(execution, ExecutionBooks.Row::execution));
            }
            assertThat(rows.keySet())
                    .allMatch(key ->
                            demos.attempted().contains(key) || large.attempted().contains(key));
            assertThat(books.problems()).isEmpty();
            // More where a living node was too slow for its own lease; one kill is one claim more in any case.
            rows.values()
                    .forEach(row -> assertThat(row.claims())
                            .as("claims of %s", row)
                            .isGreaterThanOrEqualTo(1L + fleet.hits(row.execution())));
        }

        private int living() throws IOException, InterruptedException {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(fleet.address("n3").resolve("/v1/running/summary?group_by=kind"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new ObjectMapper()
                    .readTree(answer.body())
                    .at("/summary/0/resources")
                    .asInt();
        }

        @Override
        public void close() {
            readers.forEach(FeedReader::stop);
            lag.close();
            demos.close();
            large.close();
            load.close();
            fleet.close();
            threads.shutdownNow();
            client.close();
        }
    }
}
