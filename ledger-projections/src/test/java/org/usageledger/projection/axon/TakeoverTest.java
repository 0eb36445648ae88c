package org.usageledger.projection.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.projection.FreezingFold;
import org.usageledger.running.RandomHistory;
import org.usageledger.running.RunningFold;
import org.usageledger.running.TestLedger;
import org.usageledger.testing.Seed;

/** Two nodes on one database. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class TakeoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RandomGenerator random = Seed.forRun().generator();
    private TestDatabase database;
    private TestLedger ledger;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        ledger = new TestLedger(fresh.dataSource());
    }

    private void append(int events) {
        ledger.append(new RandomHistory(random, 50).events(events));
    }

    private void awaitCaughtUp(TestNode node) {
        Await.untilTrue(
                PATIENCE, () -> node.status().toString(), () -> node.status().position() == ledger.head());
        assertThat(ledger.rows(0)).isEqualTo(ledger.expected(ledger.head()));
    }

    private static void awaitOwner(TestNode seenBy, String owner) {
        Await.untilTrue(
                PATIENCE, () -> seenBy.status().toString(), () -> seenBy.owner().equals(Optional.of(owner)));
    }

    @Test
    void project_one_at_a_time() {
        append(500);
        // A machine that stands still for a second must not make the other node the owner, as it rightly would.
        ClaimTimes patient = new ClaimTimes(PATIENCE);
        try (TestNode one = new TestNode(database.dataSource(), "n1", new RunningFold(), patient).start();
                TestNode two = new TestNode(database.dataSource(), "n2", new RunningFold(), patient)) {
            awaitOwner(one, "n1");
            two.start();
            for (int i = 0; i < 10; i++) {
                append(200);
                awaitCaughtUp(two);
                assertThat(two.owner()).contains("n1");
            }
        }
    }

    @Test
    void hand_over_at_once_when_the_owner_closes() {
        append(500);
        try (TestNode two = new TestNode(database.dataSource(), "n2")) {
            try (TestNode one = new TestNode(database.dataSource(), "n1").start()) {
                awaitCaughtUp(one);
                two.start();
            }
            append(500);
            awaitCaughtUp(two);
            assertThat(two.owner()).contains("n2");
        }
    }

    @Test
    void hand_over_when_the_owner_dies_without_a_word() throws SQLException {
        append(500);
        try (TestNode one = new TestNode(database.dataSource(), "n1").start();
                TestNode two = new TestNode(database.dataSource(), "n2")) {
            awaitOwner(one, "n1");
            two.start();
            one.line.cut();
            append(500);
            awaitCaughtUp(two);
            assertThat(two.owner()).contains("n2");

            one.line.mend();
            append(500);
            awaitCaughtUp(two);
            assertThat(two.owner()).as("who comes back waits").contains("n2");
        }
    }

    @Test
    void a_node_frozen_in_the_middle_of_a_window_changes_nothing_when_it_wakes() {
        FreezingFold freezing = new FreezingFold(1);
        append(500);
        try (TestNode one = new TestNode(database.dataSource(), "n1", freezing).start();
                TestNode two = new TestNode(database.dataSource(), "n2")) {
            freezing.awaitFrozen();
            two.start();
            awaitCaughtUp(two);
            append(500);
            freezing.thaw();
            freezing.awaitThawed();
            awaitCaughtUp(two);
            assertThat(one.owner()).contains("n2");
        }
    }
}
