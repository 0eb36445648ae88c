package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.usageledger.jobs.recovery.Listed;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** A ledger with one job, and nodes that carry it out. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
abstract class JobsSituation {
    static final JobTimes QUICK = new JobTimes(
            Duration.ofMillis(900), Duration.ofMillis(100), Duration.ofMillis(20), Duration.ofMillis(50), 3, 5);
    static final Map<String, String> TO_TEN = Map.of("to", "10");

    TestDatabase database;
    Jobs jobs;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        jobs = new Jobs(fresh.dataSource(), List.of(new CountingJob()), () -> {});
    }

    UUID start(String key) {
        Started started = jobs.start("count", TO_TEN, Optional.of(key), "test");
        if (started instanceof Started.Accepted(UUID execution)) {
            return execution;
        }
        throw new AssertionError("not started: " + started);
    }

    ExecutionView view(UUID id) {
        return jobs.execution(id).orElseThrow();
    }

    void await(UUID id, ExecutionState state) {
        Await.untilTrue(CountingJob.PATIENCE, () -> view(id).toString(), () -> view(id).state() == state);
    }

    JobNode node(String name, Job job) {
        return new JobNode(database.dataSource(), name, List.of(job), QUICK, () -> {}).start();
    }

    /** Changes rows behind the product's back. */
    void change(String sql, Object... values) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    /** Claims like a pass of this node that finds everything free to be taken. */
    static List<ClaimTable.Claimed> claimed(Connection connection, NodeIdentity node, Duration lease)
            throws SQLException {
        List<ClaimTable.Wanted> wanted = ActiveTable.list(connection, Set.of("count")).stream()
                .map(row -> switch (row) {
                    case Listed.Pending pending -> new ClaimTable.Wanted(pending.execution(), pending.epoch(), "start");
                    case Listed.Owned owned -> new ClaimTable.Wanted(owned.execution(), owned.epoch(), "lease_expired");
                    case Listed.Unreadable unreadable -> throw new AssertionError(unreadable);
                })
                .toList();
        return ClaimTable.claim(connection, node, wanted, lease);
    }
}
