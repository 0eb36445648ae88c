package org.usageledger.jobs.schedule;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.usageledger.jobs.Execution;
import org.usageledger.jobs.ExecutionView;
import org.usageledger.jobs.Job;
import org.usageledger.jobs.Jobs;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** A ledger with two jobs: {@code sweep} has a scope for itself, {@code look} has a new scope each time. Nothing carries them out. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
abstract class ScheduleSituation {
    static final Map<String, String> OF_TEN_DAYS = Map.of("days", "10");

    final AtomicInteger rung = new AtomicInteger();
    TestDatabase database;
    Jobs jobs;
    Schedules schedules;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        jobs = jobs();
        schedules = new Schedules(fresh.dataSource(), jobs, rung::incrementAndGet);
    }

    /** As each node has its own. */
    Jobs jobs() {
        return new Jobs(database.dataSource(), List.of(new Idle("sweep", false), new Idle("look", true)), () -> {});
    }

    ScheduleTask task() {
        return new ScheduleTask(database.dataSource(), jobs());
    }

    ScheduleView stored(String job, String cron, String timeZone) {
        Written written = schedules.put(job, new Schedules.Wish(cron, timeZone, OF_TEN_DAYS, true), "test");
        if (written instanceof Written.Stored(ScheduleView view)) {
            return view;
        }
        throw new AssertionError("not stored: " + written);
    }

    /** The schedules, as they are read at a moment. */
    List<ScheduleTable.Row> readAt(Instant moment) throws SQLException {
        try (Connection connection = database.open()) {
            return ScheduleTable.read(connection, Optional.empty()).stream()
                    .map(row -> new ScheduleTable.Row(row.schedule(), moment))
                    .toList();
        }
    }

    /** As if a schedule had been changed then. */
    void changedAt(String job, Instant moment) throws SQLException {
        update("""
                update job_schedule
                set changed_at = ?
                where job = ?
                """, moment.atOffset(ZoneOffset.UTC), job);
    }

    void ended(UUID execution) throws SQLException {
        update("""
                update job_execution
                set state = 'done',
                  finished_at = ?
                where execution_id = ?
                """, OffsetDateTime.now(ZoneOffset.UTC), execution);
    }

    void update(String sql, Object... values) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** The keys of all executions of a job, in order. */
    List<String> keys(String job) {
        return jobs.executions(Optional.of(job), 100).stream()
                .map(ExecutionView::requestKey)
                .sorted()
                .toList();
    }

    /** Has nothing done. */
    private record Idle(String name, boolean aside) implements Job {
        @Override
        public String description() {
            return "Nothing.";
        }

        @Override
        public Optional<String> scope(Map<String, String> parameters) {
            return aside ? Optional.empty() : Optional.of(name);
        }

        @Override
        public Optional<String> refuse(Map<String, String> parameters) {
            return parameters.keySet().equals(OF_TEN_DAYS.keySet())
                    ? Optional.empty()
                    : Optional.of(name + " takes days and nothing else");
        }

        @Override
        public void carryOut(Execution execution) {
            throw new AssertionError("nothing is carried out here");
        }

        @Override
        public void giveUp(Connection transaction, Execution execution) {
            throw new AssertionError("nothing is given up here");
        }
    }
}
