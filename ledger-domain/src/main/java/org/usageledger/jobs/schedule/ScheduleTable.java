package org.usageledger.jobs.schedule;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.usageledger.jobs.Parameters;

/** The schedules as they are stored. */
final class ScheduleTable {
    private static final String READ = """
            select
              job,
              cron,
              time_zone,
              array(select name from jsonb_each_text(parameters) as param (name, value) order by name) as param_names,
              array(select value from jsonb_each_text(parameters) as param (name, value) order by name) as param_values,
              enabled,
              changed_at,
              changed_by,
              last_due,
              last_execution,
              clock_timestamp() as read_at
            from job_schedule
            where ?::text is null or job = ?
            order by job
            """;

    /** What is as wished keeps its beginning: a repeated wish must not make it forget what it has still to serve. */
    private static final String PUT = """
            insert into job_schedule (job, cron, time_zone, parameters, enabled, changed_at, changed_by)
            select ?, ?, ?, coalesce(jsonb_object_agg(name, value), '{}'), ?, clock_timestamp(), ?
            from unnest(?::text[], ?::text[]) as param (name, value)
            on conflict (job) do update
            set cron = excluded.cron,
              time_zone = excluded.time_zone,
              parameters = excluded.parameters,
              enabled = excluded.enabled,
              changed_at = excluded.changed_at,
              changed_by = excluded.changed_by
            where (job_schedule.cron, job_schedule.time_zone, job_schedule.parameters, job_schedule.enabled)
              is distinct from (excluded.cron, excluded.time_zone, excluded.parameters, excluded.enabled)
            """;

    private static final String DELETE = """
            delete from job_schedule
            where job = ?
            """;

    private static final String SERVED = """
            update job_schedule
            set last_due = ?,
              last_execution = ?
            where job = ?
              and (last_due is null or last_due < ?)
            """;

    private ScheduleTable() {}

    /** @param readAt when, by the database's clock */
    record Row(Schedule schedule, Instant readAt) {}

    /** By the job's name; of one job, or all there are. */
    static List<Row> read(Connection connection, Optional<String> job) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, job.orElse(null));
            statement.setString(2, job.orElse(null));
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(schedule(row), instant(row, "read_at").orElseThrow()));
                }
            }
            return rows;
        }
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        return new Schedule(
                row.getString("job"),
                row.getString("cron"),
                row.getString("time_zone"),
                Parameters.read(row).named(),
                row.getBoolean("enabled"),
                instant(row, "changed_at").orElseThrow(),
                row.getString("changed_by"),
                instant(row, "last_due"),
                Optional.ofNullable(row.getObject("last_execution", UUID.class)));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** What is stored then. */
    static Row put(Connection connection, String job, Schedules.Wish wish, String wishedBy) throws SQLException {
        Parameters parameters = Parameters.of(wish.parameters());
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            statement.setString(1, job);
            statement.setString(2, wish.cron());
            statement.setString(3, wish.timeZone());
            statement.setBoolean(4, wish.enabled());
            statement.setString(5, wishedBy);
            statement.setArray(6, parameters.names(connection));
            statement.setArray(7, parameters.values(connection));
            statement.executeUpdate();
        }
        return read(connection, Optional.of(job)).stream()
                .findFirst()
                .orElseThrow(() -> new SQLException("the schedule of " + job + " was deleted while it was stored"));
    }

    /** False if there was none. */
    static boolean delete(Connection connection, String job) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setString(1, job);
            return statement.executeUpdate() == 1;
        }
    }

    /** Notes that a due time was served, unless a later one was. */
    static void served(Connection connection, String job, Instant due, UUID execution) throws SQLException {
        OffsetDateTime at = due.atOffset(ZoneOffset.UTC);
        try (PreparedStatement statement = connection.prepareStatement(SERVED)) {
            statement.setObject(1, at);
            statement.setObject(2, execution);
            statement.setString(3, job);
            statement.setObject(4, at);
            statement.executeUpdate();
        }
    }
}
