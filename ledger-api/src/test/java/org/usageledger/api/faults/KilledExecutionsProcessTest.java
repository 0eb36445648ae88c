package org.usageledger.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

/**
 * A node with up to 64 executions under way is killed at random moments: what it had, and nothing else, is carried on exactly once more, by
 * itself when it is started again or by another node. With {@code -Dledger.faults=long} 20 kills of each kind, else 2 and 1.
 */
class KilledExecutionsProcessTest {
    private static final boolean LONG = "long".equals(System.getProperty("ledger.faults"));
    private static final int CLIENTS = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void a_node_started_again_carries_on_what_it_had_and_nothing_else() throws Exception {
        try (Situation situation = new Situation("restarted", LONG ? 20 : 2)) {
            situation.start("n1");
            for (int kill = 1; kill <= situation.kills; kill++) {
                situation.load("n1");
                int hit = situation.kill("n1");
                situation.start("n1");
                PassHistory.Pass first = situation.firstPass("n1");
                situation.note("kill " + kill + " of n1 hit " + hit + ", its first pass recovered "
                        + first.count("recovered"));
                assertThat(first.count("found")).as("found by %s", first).isEqualTo(hit);
                assertThat(first.count("recovered"))
                        .as("recovered by %s", first)
                        .isEqualTo(hit);
            }
            situation.verify();
        }
    }

    @Test
    void another_node_carries_on_what_a_killed_one_had_and_nothing_else() throws Exception {
        try (Situation situation = new Situation("taken over", LONG ? 20 : 1)) {
            String dying = "n1";
            String living = "n2";
            situation.start(dying);
            situation.start(living);
            for (int kill = 1; kill <= situation.kills; kill++) {
                situation.load(dying);
                long before = situation.takenOver(living);
                int hit = situation.kill(dying);
                situation.awaitTakeover(living, before + hit);
                situation.note("kill " + kill + " of " + dying + " hit " + hit + ", all taken over by " + living);
                situation.start(dying);
                String killed = dying;
                dying = living;
                living = killed;
            }
            situation.verify();
        }
    }

    /** A database, 64 clients and the nodes that there are. */
    private static final class Situation implements AutoCloseable {
        private final long seed = Long.getLong("ledger.seed", System.nanoTime());
        private final Random random = new Random(seed);
        private final TestDatabase database = TestPostgres.newDatabase();
        private final PassHistory history = PassHistory.of(database);
        private final ExecutionBooks books = new ExecutionBooks(database);
        private final FailureBundle bundle;
        private final Fleet fleet;
        private final Starters starters;
        private final String name;
        private final int kills;

        Situation(String name, int kills) throws Exception {
            this.name = name;
            this.kills = kills;
            System.out.println("killed executions, " + name + ": " + kills + " kills, seed " + seed);
            bundle = new FailureBundle("killed-executions-" + name.replace(' ', '-'), seed);
            // Places for all clients, and for as many whose execution is at rest while its thread has not ended yet.
            fleet = new Fleet(database, bundle, Map.of("LEDGER_EXECUTIONS", String.valueOf(2 * CLIENTS)));
            starters = new Starters(
                    database,
                    "client-",
                    seed,
                    CLIENTS,
                    (dice, before) -> Starters.Wish.demo(2 + dice.nextInt(9), 20 + dice.nextInt(180)));
        }

        void start(String node) {
            fleet.start(node);
        }

        void note(String event) {
            bundle.note(event);
            System.out.println(name + ": " + event);
        }

        /** Has clients start executions on a node, up to a random moment at which they are well under way. */
        void load(String node) {
            int wanted = starters.count() + CLIENTS / 2 + random.nextInt(CLIENTS);
            starters.sendTo(List.of(fleet.address(node)));
            Await.untilTrue(PATIENCE, () -> starters.count() + " of " + wanted, () -> starters.count() >= wanted);
        }

        int kill(String node) throws SQLException {
            int hit = fleet.kill(node);
            starters.sendTo(List.of());
            assertThat(hit).as("under way").isLessThanOrEqualTo(CLIENTS);
            return hit;
        }

        PassHistory.Pass firstPass(String node) throws SQLException {
            long incarnation = books.incarnation(node);
            return Await.until(
                    PATIENCE,
                    () -> history.passes(node, incarnation).stream()
                            .findFirst()
                            .<Await.Seen<PassHistory.Pass>>map(Await.Seen.Ready::new)
                            .orElseGet(() -> new Await.Seen.NotYet<>("no pass of " + node)));
        }

        /** How many executions this life of a node has taken from others. */
        long takenOver(String node) throws SQLException {
            List<PassHistory.Pass> passes = history.passes(node, books.incarnation(node));
            return passes.isEmpty() ? 0 : passes.getLast().sinceStart("taken_over");
        }

        void awaitTakeover(String node, long wanted) throws SQLException {
            Await.untilTrue(
                    PATIENCE,
                    () -> takenOver(node) + " taken over by " + node + " of " + wanted,
                    () -> takenOver(node) >= wanted);
            assertThat(takenOver(node)).as("taken over by %s", node).isEqualTo(wanted);
        }

        void verify() throws SQLException {
            starters.sendTo(fleet.addresses());
            starters.finish();
            Map<String, ExecutionBooks.Row> rows = books.rows();
            Map<String, UUID> acknowledged = starters.acknowledged();
            note(starters.attempted().size() + " attempts, " + acknowledged.size() + " acknowledged, "
                    + starters.refused().size() + " refused, " + rows.size()
                    + " rows, hit " + fleet.hits() + " times");
            assertThat(starters.unexpected()).isEmpty();
            assertThat(starters.attempted()).containsAll(rows.keySet());
            assertThat(rows).doesNotContainKeys(starters.refused().toArray(String[]::new));
            acknowledged.forEach((key, execution) ->
                    assertThat(rows.get(key)).as(key).isNotNull().returns(execution, ExecutionBooks.Row::execution));
            assertThat(books.problems()).isEmpty();
            assertThat(rows.values())
                    .allSatisfy(row -> assertThat(row.claims())
                            .as("claims of %s", row)
                            .isEqualTo(1L + fleet.hits(row.execution())));
            assertThat(history.problems()).isEmpty();
            fleet.addresses().forEach(KilledExecutionsProcessTest::assertNothingIsLeft);
            assertThat(fleet.stop()).isSubsetOf(0, 143);
            bundle.passed();
        }

        @Override
        public void close() {
            starters.close();
            fleet.close();
            bundle.close();
            database.close();
        }
    }

    private static void assertNothingIsLeft(URI node) {
        try (Operator operator = new Operator(node)) {
            JsonNode report = operator.reportAfterTwoPasses();
            assertThat(Operator.local(report)).as("local: %s", report).isZero();
            assertThat(PassHistory.MUST_BE_ZERO)
                    .allSatisfy(count -> assertThat(Operator.sinceStart(report, count))
                            .as(count)
                            .isZero());
        }
    }
}
