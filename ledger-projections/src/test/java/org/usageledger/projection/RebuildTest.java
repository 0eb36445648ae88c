package org.usageledger.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.jobs.ExecutionState;
import org.usageledger.jobs.ExecutionView;
import org.usageledger.jobs.JobNode;
import org.usageledger.jobs.JobTimes;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.Started;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.running.RandomHistory;
import org.usageledger.running.RunningFold;
import org.usageledger.running.TestLedger;
import org.usageledger.testing.Seed;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class RebuildTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WINDOW = 100;
    private static final JobTimes QUICK = new JobTimes(
            Duration.ofMillis(900), Duration.ofMillis(100), Duration.ofMillis(50), Duration.ofMillis(200), 3, 20);
    private static final Map<String, String> RUNNING = Map.of("projection", "running");

    private final RandomGenerator random = Seed.forRun().generator();
    private TestDatabase database;
    private TestLedger ledger;
    private Jobs jobs;

    @BeforeEach
    void open(TestDatabase fresh) throws SQLException {
        database = fresh;
        ledger = new TestLedger(fresh.dataSource());
        jobs = new Jobs(fresh.dataSource(), List.of(new Rebuild(List.of(new RunningFold()), WINDOW)), () -> {});
        live(2_000);
    }

    /** Appends and folds into the live slot, as the projector does. */
    private void live(int events) throws SQLException {
        long before = ledger.head();
        ledger.append(new RandomHistory(random, 60).events(events));
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            ReadModel model = new RunningFold();
            Claim claim = ProjectionTable.claim(connection, model, "test", Duration.ofMinutes(1))
                    .orElseThrow()
                    .claim();
            Window window = new Window(before, ledger.head());
            model.fold(
                    connection, ProjectionTable.move(connection, claim, window).orElseThrow(), window);
            connection.commit();
        }
    }

    private JobNode node(String name, ReadModel model) {
        return node(database.dataSource(), name, model);
    }

    private static JobNode node(DataSource line, String name, ReadModel model) {
        return new JobNode(line, name, List.of(new Rebuild(List.of(model), WINDOW)), QUICK, () -> {}).start();
    }

    private UUID start() {
        Started started = jobs.start("rebuild", RUNNING, Optional.empty(), "test");
        if (started instanceof Started.Accepted(UUID execution)) {
            return execution;
        }
        throw new AssertionError("not started: " + started);
    }

    private ExecutionView view(UUID id) {
        return jobs.execution(id).orElseThrow();
    }

    private void await(UUID id, ExecutionState state) {
        Await.untilTrue(PATIENCE, () -> view(id).toString(), () -> view(id).state() == state);
    }

    private Standing standing() {
        try (Connection connection = database.open()) {
            return ProjectionTable.standings(connection).getFirst();
        } catch (SQLException e) {
            throw new IllegalStateException("reading where the projection stands", e);
        }
    }

    private void assertRebuiltEqualsLived(int slot) {
        assertThat(standing().liveSlot()).isEqualTo(slot);
        assertThat(standing().position()).isEqualTo(ledger.head());
        assertThat(ledger.rows(slot)).isEqualTo(ledger.expected(ledger.head()));
        assertThat(count("select count(*) from hold where holder = 'rebuild'"))
                .as("holds left")
                .isZero();
        assertThat(count("select count(*) from projection_rebuild"))
                .as("rebuilds left")
                .isZero();
    }

    private long count(String sql) {
        try (Connection connection = database.open();
                var statement = connection.prepareStatement(sql);
                var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Test
    void makes_the_same_rows_in_the_other_slot_and_shows_them() {
        UUID id = start();
        try (JobNode node = node("n1", new RunningFold())) {
            node.wake();
            await(id, ExecutionState.DONE);
        }
        assertRebuiltEqualsLived(1);
        assertThat(view(id).progress().orElseThrow().position()).isEqualTo(ledger.head());
        assertThat(view(id).chunks()).isGreaterThan(2_000 / WINDOW);
        assertThat(view(id).claims()).isEqualTo(1);
    }

    @Test
    void again_and_again_in_turns_and_what_the_slot_had_before_does_not_matter() throws SQLException {
        try (JobNode node = node("n1", new RunningFold())) {
            for (int round = 1; round <= 3; round++) {
                UUID id = start();
                node.wake();
                await(id, ExecutionState.DONE);
                assertRebuiltEqualsLived(round % 2);
                live(300);
                assertThat(ledger.rows(round % 2)).isEqualTo(ledger.expected(ledger.head()));
            }
        }
    }

    @Test
    void ends_at_exactly_the_live_position_while_events_go_on_being_projected() throws SQLException {
        UUID id = start();
        try (JobNode node = node("n1", new RunningFold())) {
            node.wake();
            while (view(id).state().active()) {
                live(50);
            }
            await(id, ExecutionState.DONE);
        }
        assertRebuiltEqualsLived(1);
    }

    @Nested
    class When_the_node_dies_in_the_middle {

        @Test
        void another_goes_on_and_the_frozen_one_changes_nothing_when_it_wakes() {
            FreezingFold freezing = new FreezingFold(1 + random.nextInt(15));
            FaultyDatabase line = new FaultyDatabase(database.dataSource());
            UUID id = start();
            try (JobNode one = node(line, "n1", freezing)) {
                one.wake();
                freezing.awaitFrozen();
                line.refuseNew();
                try (JobNode two = node("n2", new RunningFold())) {
                    two.wake();
                    await(id, ExecutionState.DONE);
                    assertThat(view(id).claims()).isEqualTo(2);
                    long chunks = view(id).chunks();
                    freezing.thaw();
                    freezing.awaitThawed();
                    assertRebuiltEqualsLived(1);
                    assertThat(view(id).chunks()).isEqualTo(chunks);
                    assertThat(view(id).state()).isEqualTo(ExecutionState.DONE);
                }
            }
        }

        @Test
        void a_node_that_closes_gives_it_back_for_another_to_go_on_at_once() {
            FreezingFold freezing = new FreezingFold(3);
            UUID id = start();
            try (JobNode one = node("n1", freezing)) {
                one.wake();
                freezing.awaitFrozen();
                freezing.thaw();
            }
            try (JobNode two = node("n2", new RunningFold())) {
                two.wake();
                await(id, ExecutionState.DONE);
            }
            assertRebuiltEqualsLived(1);
        }
    }

    @Nested
    class When_it_cannot_be_done {

        @Test
        void it_is_tried_again_and_then_fails_with_the_reason_and_leaves_nothing_in_the_way() {
            ReadModel broken = new DisturbedFold() {
                @Override
                public void fold(Connection transaction, int slot, Window window) throws SQLException {
                    throw new SQLException("no room");
                }
            };
            UUID id = start();
            try (JobNode node = node("n1", broken)) {
                node.wake();
                await(id, ExecutionState.FAILED);
            }
            assertThat(view(id).error().orElseThrow()).contains("no room");
            assertThat(view(id).failures()).isEqualTo(QUICK.attempts());
            assertRebuiltEqualsLived(0);

            UUID second = start();
            try (JobNode node = node("n1", new RunningFold())) {
                node.wake();
                await(second, ExecutionState.DONE);
            }
            assertRebuiltEqualsLived(1);
        }
    }

    @Nested
    class When_it_is_asked_for {

        @Test
        void a_second_one_is_told_the_id_of_the_first() {
            UUID first = start();

            assertThat(jobs.start("rebuild", RUNNING, Optional.empty(), "test"))
                    .isEqualTo(new Started.ActiveAlready(first));
        }

        @Test
        void a_projection_that_there_is_not_is_refused() {
            assertThat(jobs.start("rebuild", Map.of("projection", "walking"), Optional.empty(), "test"))
                    .isEqualTo(new Started.BadParameters("projection is one of [running]"));
        }

        @Test
        void it_waits_for_a_node() {
            UUID id = start();

            assertThat(view(id).state()).isEqualTo(ExecutionState.PENDING);
            assertThat(jobs.executions(Optional.of("rebuild"), 10))
                    .extracting(ExecutionView::id)
                    .containsExactly(id);
        }
    }
}
