package org.usageledger.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.projection.Window;
import org.usageledger.testing.Seed;

/** Mutants that this must catch: the fold without {@code position > coalesce(ended, 0)}, without {@code o.ended is null}, sized by any beginning. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class RunningFoldTest {
    private static final int SLOT = 1;

    private final RunningFold fold = new RunningFold();

    @Test
    void any_history_in_windows_of_any_size_is_what_the_domain_folds_event_by_event(TestDatabase database)
            throws SQLException {
        RandomGenerator random = Seed.forRun().generator();
        TestLedger ledger = new TestLedger(database.dataSource());
        for (int round = 0; round < 6; round++) {
            long before = ledger.head();
            ledger.append(new RandomHistory(random, 1 + random.nextInt(40)).events(600));
            int largest = 1 + random.nextInt(round % 2 == 0 ? 12 : 800);
            try (Connection connection = database.open()) {
                while (before < ledger.head()) {
                    long upTo = Math.min(ledger.head(), before + 1 + random.nextInt(largest));
                    fold(connection, new Window(before, upTo));
                    before = upTo;
                    if (random.nextInt(20) == 0) {
                        assertThat(ledger.rows(SLOT)).as("at %d", before).isEqualTo(ledger.expected(before));
                    }
                }
            }
            assertThat(ledger.rows(SLOT)).as("at %d", before).isEqualTo(ledger.expected(before));
        }
        assertThat(ledger.rows(1 - SLOT)).as("the other slot").isEmpty();
    }

    @Nested
    class Within_one_window {

        @Test
        void a_run_that_ended_and_began_again_is_a_new_one(TestDatabase database) throws SQLException {
            TestLedger ledger = new TestLedger(database.dataSource());
            ledger.append(TestEvent.begins(ResourceKind.PROCESS, "p"));
            fold(database, new Window(0, 1));
            ledger.append(
                    TestEvent.ends(ResourceKind.PROCESS, "p"),
                    TestEvent.of(ResourceKind.PROCESS, "p", Effect.BEGINS_AS_BASELINE),
                    TestEvent.begins(ResourceKind.PROCESS, "p").sized(3, 128),
                    TestEvent.of(ResourceKind.PROCESS, "p", Effect.BEGINS_AS_BASELINE)
                            .sized(9, 9));
            fold(database, new Window(1, 5));

            assertThat(ledger.rows(SLOT)).isEqualTo(ledger.expected(5));
            assertThat(ledger.rows(SLOT).get("process p"))
                    .extracting(TestLedger.Row::first, TestLedger.Row::latest, TestLedger.Row::instances)
                    .containsExactly(3L, 4L, 3);
        }

        @Test
        void a_run_that_begins_and_ends_leaves_nothing(TestDatabase database) throws SQLException {
            TestLedger ledger = new TestLedger(database.dataSource());
            ledger.append(TestEvent.begins(ResourceKind.TASK, "t"), TestEvent.ends(ResourceKind.TASK, "t"));
            fold(database, new Window(0, 2));

            assertThat(ledger.rows(SLOT)).isEmpty();
        }

        @Test
        void keys_as_long_as_the_platform_allows_are_kept(TestDatabase database) throws SQLException {
            TestLedger ledger = new TestLedger(database.dataSource());
            ledger.append(TestEvent.begins(ResourceKind.SERVICE_INSTANCE, "ü".repeat(255)));
            fold(database, new Window(0, 1));

            assertThat(ledger.rows(SLOT)).isEqualTo(ledger.expected(1));
        }
    }

    private void fold(TestDatabase database, Window window) throws SQLException {
        try (Connection connection = database.open()) {
            fold(connection, window);
        }
    }

    private void fold(Connection connection, Window window) throws SQLException {
        connection.setAutoCommit(false);
        fold.fold(connection, SLOT, window);
        connection.commit();
    }
}
