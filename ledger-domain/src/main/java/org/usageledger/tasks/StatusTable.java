package org.usageledger.tasks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.usageledger.tasks.TaskStatus.Completed;
import org.usageledger.tasks.TaskStatus.Current;
import org.usageledger.tasks.TaskStatus.Idle;
import org.usageledger.tasks.TaskStatus.Last;
import org.usageledger.tasks.TaskStatus.NeverCompleted;
import org.usageledger.tasks.TaskStatus.Running;

/** What each node last reported of each of its tasks; it stays as long as the node is known. */
public final class StatusTable {
    private static final String SAVE = """
            insert into job_status (node_id, task, incarnation, period, running_iteration, running_since, running_reason,
              last_iteration, last_started_at, last_reason, last_elapsed, last_outcome, details)
            values (?, ?, ?, ? * interval '1 microsecond', ?, ?, ?,
              ?, ?, ?, ? * interval '1 microsecond', ?, ?::jsonb)
            on conflict (node_id, task) do update
            set incarnation = excluded.incarnation,
              period = excluded.period,
              running_iteration = excluded.running_iteration,
              running_since = excluded.running_since,
              running_reason = excluded.running_reason,
              last_iteration = excluded.last_iteration,
              last_started_at = excluded.last_started_at,
              last_reason = excluded.last_reason,
              last_elapsed = excluded.last_elapsed,
              last_outcome = excluded.last_outcome,
              details = excluded.details
            where job_status.incarnation <= excluded.incarnation
            """;

    private static final String REPORTS = """
            select
              s.node_id,
              s.task,
              s.incarnation,
              (extract(epoch from s.period) * 1000000)::bigint as period_micros,
              s.running_iteration,
              s.running_since,
              s.running_reason,
              s.last_iteration,
              s.last_started_at,
              s.last_reason,
              (extract(epoch from s.last_elapsed) * 1000000)::bigint as last_elapsed_micros,
              s.last_outcome,
              coalesce(s.details::text, '{}') as details,
              n.incarnation as node_incarnation,
              n.state as node_state,
              n.seen_at as node_seen_at,
              (extract(epoch from clock_timestamp() - n.seen_at) * 1000000)::bigint as unseen_micros
            from job_status s
            join (
              select
                node_id,
                incarnation,
                state,
                seen_at
              from ledger_node
              order by seen_at desc
              limit 200
            ) as n on n.node_id = s.node_id
            where ?::text is null or s.task = ?
            order by s.task, s.node_id
            """;

    /** For a row that somebody keeps locked. */
    private static final int STATEMENT_SECONDS = 5;

    private StatusTable() {}

    /** Of the 200 nodes that were heard of last, dead ones included, ordered by task and node. */
    public static List<NodeReport> all(Connection connection) throws SQLException {
        return reports(connection, Optional.empty());
    }

    /** Of one task on those nodes, ordered by node. */
    public static List<NodeReport> of(Connection connection, String task) throws SQLException {
        return reports(connection, Optional.of(task));
    }

    /** Replaces what this node reported of the task before. What a younger life of the same node has reported stays. */
    static void save(Connection connection, NodeLife life, TaskStatus status) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            statement.setQueryTimeout(STATEMENT_SECONDS);
            statement.setString(1, life.node());
            statement.setString(2, status.task());
            statement.setLong(3, life.incarnation());
            statement.setLong(4, micros(status.period()));
            current(statement, status.current());
            last(statement, status.last());
            statement.executeUpdate();
        }
    }

    private static void current(PreparedStatement statement, Current current) throws SQLException {
        switch (current) {
            case Idle idle -> {
                statement.setNull(5, Types.BIGINT);
                statement.setNull(6, Types.TIMESTAMP_WITH_TIMEZONE);
                statement.setNull(7, Types.VARCHAR);
            }
            case Running running -> {
                statement.setLong(5, running.iteration());
                statement.setObject(6, running.since().atOffset(ZoneOffset.UTC));
                statement.setString(7, running.reason().label());
            }
        }
    }

    private static void last(PreparedStatement statement, Last last) throws SQLException {
        switch (last) {
            case NeverCompleted never -> {
                statement.setNull(8, Types.BIGINT);
                statement.setNull(9, Types.TIMESTAMP_WITH_TIMEZONE);
                statement.setNull(10, Types.VARCHAR);
                statement.setNull(11, Types.BIGINT);
                statement.setNull(12, Types.VARCHAR);
                statement.setNull(13, Types.VARCHAR);
            }
            case Completed completed -> {
                statement.setLong(8, completed.iteration());
                statement.setObject(9, completed.startedAt().atOffset(ZoneOffset.UTC));
                statement.setString(10, completed.reason().label());
                statement.setLong(11, micros(completed.elapsed()));
                statement.setString(12, completed.outcome().label());
                statement.setString(13, Details.json(completed));
            }
        }
    }

    private static List<NodeReport> reports(Connection connection, Optional<String> task) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REPORTS)) {
            statement.setString(1, task.orElse(null));
            statement.setString(2, task.orElse(null));
            List<NodeReport> reports = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reports.add(report(row));
                }
            }
            return reports;
        }
    }

    private static NodeReport report(ResultSet row) throws SQLException {
        return new NodeReport(
                new NodeLife(row.getString("node_id"), row.getLong("incarnation")),
                row.getLong("node_incarnation"),
                row.getString("node_state"),
                instant(row, "node_seen_at"),
                duration(row, "unseen_micros"),
                new TaskStatus(row.getString("task"), duration(row, "period_micros"), current(row), last(row)));
    }

    private static Current current(ResultSet row) throws SQLException {
        long iteration = row.getLong("running_iteration");
        if (row.wasNull()) {
            return new Idle();
        }
        return new Running(instant(row, "running_since"), Reason.ofLabel(row.getString("running_reason")), iteration);
    }

    private static Last last(ResultSet row) throws SQLException {
        long iteration = row.getLong("last_iteration");
        if (row.wasNull()) {
            return new NeverCompleted();
        }
        Details.Stored stored = Details.read(row.getString("details"));
        return new Completed(
                iteration,
                instant(row, "last_started_at"),
                Reason.ofLabel(row.getString("last_reason")),
                duration(row, "last_elapsed_micros"),
                Outcome.ofLabel(row.getString("last_outcome")),
                stored.summary(),
                stored.schema(),
                stored.details());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Duration duration(ResultSet row, String column) throws SQLException {
        return Duration.of(row.getLong(column), ChronoUnit.MICROS);
    }

    private static long micros(Duration duration) {
        return duration.dividedBy(ChronoUnit.MICROS.getDuration());
    }
}
