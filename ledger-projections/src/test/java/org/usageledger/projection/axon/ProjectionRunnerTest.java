package org.usageledger.projection.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.projection.DisturbedFold;
import org.usageledger.projection.FaultyDatabase;
import org.usageledger.projection.ProjectionStatus.Trouble;
import org.usageledger.projection.ReadModel;
import org.usageledger.projection.Window;
import org.usageledger.running.RandomHistory;
import org.usageledger.running.TestLedger;
import org.usageledger.testing.Seed;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class ProjectionRunnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Commits after a failure by which the claim was taken again, and kept. */
    private static final int CLAIMED_AGAIN = 3;

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

    @Nested
    class One_node {

        @Test
        void follows_the_log_in_windows_as_it_grows() {
            append(3_000);
            try (TestNode node = new TestNode(database.dataSource(), "n1").start()) {
                awaitCaughtUp(node);
                for (int i = 0; i < 20; i++) {
                    append(random.nextInt(700));
                }
                awaitCaughtUp(node);
                assertThat(node.status().lag()).isZero();
                assertThat(node.status().trouble()).isEmpty();
                assertThat(node.runner.position("running")).isEqualTo(ledger.head());
                assertThat(hold()).as("retention may go up to the position").isEqualTo(ledger.head());
            }
        }

        @Test
        void goes_on_where_it_stopped_when_it_is_started_again() {
            append(1_000);
            try (TestNode node = new TestNode(database.dataSource(), "n1").start()) {
                awaitCaughtUp(node);
            }
            append(1_000);
            try (TestNode node = new TestNode(database.dataSource(), "n1").start()) {
                awaitCaughtUp(node);
            }
        }

        @Test
        void leaves_a_projection_of_another_shape_alone() {
            append(10);
            ReadModel next = new DisturbedFold() {
                @Override
                public int shape() {
                    return 2;
                }
            };
            try (TestNode newer = new TestNode(database.dataSource(), "newer", next).start();
                    TestNode node = new TestNode(database.dataSource(), "n1")) {
                assertThat(newer.positions).isNotNull();
                node.start();
                awaitCaughtUp(node);
                assertThat(node.owner()).contains("n1");
            }
        }
    }

    /** Mutant: a token stored on another connection than the rows. */
    @Nested
    class When_commits_fail {

        @Test
        void nothing_is_lost_and_nothing_is_folded_twice() {
            try (TestNode node = new TestNode(database.dataSource(), "n1")) {
                node.line.failing(moment -> coin());
                node.start();
                for (int i = 0; i < 6; i++) {
                    append(300);
                }
                Await.untilTrue(
                        PATIENCE,
                        () -> node.status().toString(),
                        () -> node.status().position() > 0);
                node.line.failing(moment -> false);
                awaitCaughtUp(node);
            }
        }

        /** The coordinator claims the very position up to which it has handed out, and keeps what feeds it. */
        @Test
        void an_answer_that_was_lost_stops_nothing_where_nothing_comes_meanwhile() {
            AtomicReference<@Nullable Thread> folding = new AtomicReference<>();
            ReadModel model = new DisturbedFold() {
                @Override
                public void fold(Connection transaction, int slot, Window window) throws SQLException {
                    super.fold(transaction, slot, window);
                    if (window.upTo() == 120) {
                        folding.set(Thread.currentThread());
                    }
                }
            };
            append(100);
            try (TestNode node = new TestNode(database.dataSource(), "n1", model).start()) {
                awaitCaughtUp(node);
                AtomicBoolean lost = new AtomicBoolean();
                AtomicInteger later = new AtomicInteger();
                node.line.failing(moment -> {
                    if (moment == FaultyDatabase.Moment.AFTER_COMMIT && lost.get()) {
                        later.incrementAndGet();
                    }
                    boolean now = moment == FaultyDatabase.Moment.AFTER_COMMIT
                            && folding.compareAndSet(Thread.currentThread(), null);
                    lost.compareAndSet(false, now);
                    return now;
                });
                append(20);
                Await.untilTrue(PATIENCE, () -> lost + ", " + later, () -> later.get() >= CLAIMED_AGAIN);
                append(20);
                awaitCaughtUp(node);
            }
        }

        private synchronized boolean coin() {
            return random.nextInt(6) == 0;
        }
    }

    @Nested
    class When_a_window_cannot_be_folded {

        @Test
        void it_is_retried_and_never_passed_over_and_the_trouble_is_told_meanwhile() {
            AtomicBoolean broken = new AtomicBoolean(true);
            ReadModel model = new DisturbedFold() {
                @Override
                public void fold(Connection transaction, int slot, Window window) throws SQLException {
                    super.fold(transaction, slot, window);
                    if (broken.get()) {
                        throw new SQLException("no room for " + window);
                    }
                }
            };
            append(100);
            try (TestNode node = new TestNode(database.dataSource(), "n1", model).start()) {
                Await.untilTrue(
                        PATIENCE,
                        () -> node.status().toString(),
                        () -> node.status().trouble().isPresent());
                Trouble first = node.status().trouble().orElseThrow();
                assertThat(first.error()).contains("no room for", "window after 0 up to 100");
                assertThat(node.status().position()).isZero();
                assertThat(node.status().lag()).isEqualTo(100);
                assertThat(ledger.rows(0)).isEmpty();

                append(100);
                broken.set(false);
                awaitCaughtUp(node);
                Await.untilTrue(
                        PATIENCE,
                        () -> node.status().toString(),
                        () -> node.status().trouble().isEmpty());
            }
        }
    }

    @Nested
    class When_one_node_cannot_fold_and_another_can {

        @Test
        void the_first_is_in_trouble_only_until_the_other_has_folded_what_it_could_not() {
            ReadModel model = new DisturbedFold() {
                @Override
                public void fold(Connection transaction, int slot, Window window) throws SQLException {
                    throw new SQLException("no room for " + window);
                }
            };
            append(100);
            try (TestNode broken = new TestNode(database.dataSource(), "n1", model).start()) {
                Await.untilTrue(
                        PATIENCE,
                        () -> broken.status().toString(),
                        () -> broken.status().trouble().isPresent());
                try (TestNode sound = new TestNode(database.dataSource(), "n2").start()) {
                    awaitCaughtUp(sound);
                    Await.untilTrue(
                            PATIENCE,
                            () -> broken.status().toString(),
                            () -> broken.status().trouble().isEmpty());
                }
            }
        }
    }

    @Nested
    class When_the_database_was_away {

        @Test
        void it_goes_on() throws SQLException {
            append(500);
            try (TestNode node = new TestNode(database.dataSource(), "n1").start()) {
                awaitCaughtUp(node);
                node.line.cut();
                append(500);
                Await.untilTrue(
                        PATIENCE,
                        () -> String.valueOf(node.heads.fault()),
                        () -> !node.heads.fault().isEmpty());
                node.line.mend();
                awaitCaughtUp(node);
            }
        }
    }

    @Nested
    class When_the_database_was_set_back {

        @Test
        void it_goes_on_from_there_and_folds_what_comes_instead() throws SQLException {
            append(80);
            try (TestNode node = new TestNode(database.dataSource(), "n1").start()) {
                awaitCaughtUp(node);
                ledger.keep();
                append(40);
                awaitCaughtUp(node);

                ledger.setBack();
                append(10);
                awaitCaughtUp(node);
                append(40);
                awaitCaughtUp(node);
            }
        }
    }

    private long hold() {
        try (Connection connection = database.open();
                var statement =
                        connection.prepareStatement("select position from hold where name = 'projection:running'");
                var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("reading the hold", e);
        }
    }
}
