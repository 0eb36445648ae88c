package org.usageledger.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.ScratchFolder;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

/**
 * A node with up to 64 executions under way is killed at random moments: what it had, and nothing else, is carried on exactly once more, by
 * itself when it is started again or by another node. With {@code -Dledger.faults=long} 20 kills of each kind, else 2 and 1.
 *
 * <p>A kill <em>hits</em> an execution that the killed process has claimed and not ended, once the last of its statements is through.
 */
class KilledExecutionsProcessTest {
    private static final boolean LONG = "long".equals(System.getProperty("ledger.faults"));
    private static final int CLIENTS = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void a_node_started_again_carries_on_what_it_had_and_nothing_else() throws Exception {
        try (Situation situation = new Situation("restarted", LONG ? 20 : 2)) {
            Node node = situation.start("n1");
            for (int kill = 1; kill <= situation.kills; kill++) {
                situation.load(node);
                int hit = situation.kill(node);
                node = situation.start("n1");
                PassHistory.Pass first = situation.firstPass(node);
                situation.note("kill " + kill + " of n1 hit " + hit + ", its first pass recovered "
                        + first.count("recovered"));
                assertThat(first.count("found")).as("found by %s", first).isEqualTo(hit);
                assertThat(first.count("recovered"))
                        .as("recovered by %s", first)
                        .isEqualTo(hit);
            }
            situation.verify(List.of(node));
        }
    }

    @Test
    void another_node_carries_on_what_a_killed_one_had_and_nothing_else() throws Exception {
        try (Situation situation = new Situation("taken over", LONG ? 20 : 1)) {
            Node dying = situation.start("n1");
            Node living = situation.start("n2");
            for (int kill = 1; kill <= situation.kills; kill++) {
                situation.load(dying);
                long before = situation.takenOver(living);
                int hit = situation.kill(dying);
                situation.awaitTakeover(living, before + hit);
                situation.note("kill " + kill + " of " + dying.name() + " hit " + hit + ", all taken over by "
                        + living.name());
                Node again = situation.start(dying.name());
                dying = living;
                living = again;
            }
            situation.verify(List.of(dying, living));
        }
    }

    private record Node(String name, LedgerProcess process) {}

    /** A database, 64 clients and the nodes that there are. */
    private static final class Situation implements AutoCloseable {
        private final long seed = Long.getLong("ledger.seed", System.nanoTime());
        private final Random random = new Random(seed);
        private final TestDatabase database = TestPostgres.newDatabase();
        private final PassHistory history = PassHistory.of(database);
        private final ExecutionBooks books = new ExecutionBooks(database);
        private final Map<UUID, Integer> hits = new HashMap<>();
        private final List<LedgerProcess> started = new ArrayList<>();
        private final Starters starters;
        private final FailureBundle bundle;
        private final Path folder;
        private final String name;
        private final int kills;

        Situation(String name, int kills) throws Exception {
            this.name = name;
            this.kills = kills;
            System.out.println("killed executions, " + name + ": " + kills + " kills, seed " + seed);
            folder = Files.createDirectories(ScratchFolder.fresh("killed-executions"));
            bundle = new FailureBundle("killed-executions-" + name.replace(' ', '-'), seed);
            starters = new Starters(
                    database,
                    "client-",
                    seed,
                    CLIENTS,
                    (dice, before) -> Starters.Wish.demo(2 + dice.nextInt(9), 20 + dice.nextInt(180)));
        }

        Node start(String node) {
            Path output = folder.resolve(node + ".log");
            bundle.include(output);
            // Places for all clients, and for as many whose execution is at rest while its thread has not ended yet.
            LedgerProcess process = LedgerProcess.start(
                    database, node, output, Map.of("LEDGER_EXECUTIONS", String.valueOf(2 * CLIENTS)));
            started.add(process);
            return new Node(node, process);
        }

        void note(String event) {
            bundle.note(event);
            System.out.println(name + ": " + event);
        }

        /** Has clients start executions on a node, up to a random moment at which they are well under way. */
        void load(Node node) {
            int wanted = starters.count() + CLIENTS / 2 + random.nextInt(CLIENTS);
            starters.sendTo(List.of(node.process().address()));
            Await.untilTrue(PATIENCE, () -> starters.count() + " of " + wanted, () -> starters.count() >= wanted);
        }

        /** How many executions the node had. */
        int kill(Node node) throws SQLException {
            long incarnation = books.incarnation(node.name());
            node.process().kill9();
            starters.sendTo(List.of());
            Await.untilTrue(
                    PATIENCE,
                    () -> node.name() + " has " + books.connections(node.name()) + " connections",
                    () -> books.connections(node.name()) == 0);
            Set<UUID> hit = books.heldBy(node.name(), incarnation);
            hit.forEach(execution -> hits.merge(execution, 1, Integer::sum));
            assertThat(hit).as("under way").hasSizeLessThanOrEqualTo(CLIENTS);
            return hit.size();
        }

        PassHistory.Pass firstPass(Node node) throws SQLException {
            long incarnation = books.incarnation(node.name());
            return Await.until(
                    PATIENCE,
                    () -> history.passes(node.name(), incarnation).stream()
                            .findFirst()
                            .<Await.Seen<PassHistory.Pass>>map(Await.Seen.Ready::new)
                            .orElseGet(() -> new Await.Seen.NotYet<>("no pass of " + node.name())));
        }

        /** How many executions this life of a node has taken from others. */
        long takenOver(Node node) throws SQLException {
            List<PassHistory.Pass> passes = history.passes(node.name(), books.incarnation(node.name()));
            return passes.isEmpty() ? 0 : passes.getLast().sinceStart("taken_over");
        }

        void awaitTakeover(Node node, long wanted) throws SQLException {
            Await.untilTrue(
                    PATIENCE,
                    () -> takenOver(node) + " taken over by " + node.name() + " of " + wanted,
                    () -> takenOver(node) >= wanted);
            assertThat(takenOver(node)).as("taken over by %s", node.name()).isEqualTo(wanted);
        }

        void verify(List<Node> nodes) throws SQLException {
            starters.sendTo(nodes.stream().map(node -> node.process().address()).toList());
            starters.finish();
            Map<String, ExecutionBooks.Row> rows = books.rows();
            Map<String, UUID> acknowledged = starters.acknowledged();
            note(starters.attempted().size() + " attempts, " + acknowledged.size() + " acknowledged, " + rows.size()
                    + " rows, " + hits.size() + " of them hit "
                    + hits.values().stream().mapToInt(Integer::intValue).sum() + " times");
            assertThat(starters.unexpected()).isEmpty();
            assertThat(starters.attempted()).containsAll(rows.keySet());
            acknowledged.forEach((key, execution) ->
                    assertThat(rows.get(key)).as(key).isNotNull().returns(execution, ExecutionBooks.Row::execution));
            assertThat(books.problems()).isEmpty();
            for (ExecutionBooks.Row row : rows.values()) {
                assertThat(row.claims()).as("claims of %s", row).isEqualTo(1L + hits.getOrDefault(row.execution(), 0));
            }
            assertThat(history.problems()).isEmpty();
            nodes.forEach(KilledExecutionsProcessTest::assertNothingIsLeft);
            nodes.forEach(
                    node -> assertThat(node.process().stop()).as(node.name()).isIn(0, 143));
            bundle.passed();
        }

        @Override
        public void close() {
            starters.close();
            started.forEach(LedgerProcess::close);
            bundle.close();
            database.close();
        }
    }

    private static void assertNothingIsLeft(Node node) {
        try (Operator operator = new Operator(node.process().address())) {
            JsonNode report = operator.reportAfterTwoPasses();
            assertThat(Operator.local(report))
                    .as("local on %s: %s", node.name(), report)
                    .isZero();
            assertThat(PassHistory.MUST_BE_ZERO)
                    .allSatisfy(count -> assertThat(Operator.sinceStart(report, count))
                            .as(count)
                            .isZero());
        }
    }
}
