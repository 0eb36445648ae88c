package org.usageledger.running;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.projection.Claim;
import org.usageledger.projection.PositionWatch;
import org.usageledger.projection.ProjectionTable;
import org.usageledger.projection.Window;

/** A ledger whose events are projected as they are appended. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
abstract class RunningSituation {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    TestDatabase database;
    TestLedger ledger;
    PositionWatch positions;
    RunningQuery query;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        ledger = new TestLedger(fresh.dataSource());
        positions = new PositionWatch(fresh.dataSource(), Duration.ofMillis(20));
        query = new RunningQuery(fresh.dataSource(), positions, SnapshotLimits.within(10));
    }

    @AfterEach
    void close() {
        positions.close();
    }

    RunningPage page(RunningFilter filter, @Nullable PageToken after, int limit) {
        try (ReadTransaction transaction = now(query, RunningQuery.Use.PAGE)) {
            return query.page(transaction, filter, after, limit);
        }
    }

    Summary summary(GroupBy by) {
        try (ReadTransaction transaction = now(query, RunningQuery.Use.PAGE)) {
            return query.summary(transaction, by);
        }
    }

    static ReadTransaction now(RunningQuery asked, RunningQuery.Use use) {
        if (asked.now(use) instanceof Reached.At(var transaction)) {
            return transaction;
        }
        throw new AssertionError("no snapshot");
    }

    static RunningSnapshot open(RunningQuery query) {
        return query.open(now(query, RunningQuery.Use.STREAM), RunningFilter.ALL);
    }

    void live(TestEvent... events) {
        live(List.of(events));
    }

    /** Appends and projects. */
    void live(List<TestEvent> events) {
        long before = ledger.head();
        ledger.append(events);
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            RunningFold model = new RunningFold();
            Claim claim = ProjectionTable.claim(connection, model, "test", Duration.ofMinutes(1))
                    .orElseThrow()
                    .claim();
            Window window = new Window(before, ledger.head());
            model.fold(
                    connection, ProjectionTable.move(connection, claim, window).orElseThrow(), window);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("projecting " + events, e);
        }
    }
}
