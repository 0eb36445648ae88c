package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/** Executions as operators see them. */
final class ViewTable {
    private static final String VIEW = """
            select
              e.execution_id,
              e.kind,
              e.request_key,
              array(select name from jsonb_each_text(e.params) as param (name, value) order by name) as param_names,
              array(select value from jsonb_each_text(e.params) as param (name, value) order by name) as param_values,
              e.state,
              e.owner_node,
              e.owner_incarnation,
              e.lease_until,
              e.claim_epoch,
              e.failures,
              e.last_error,
              case when e.state = 'pending' and e.failures > 0 then e.next_attempt_at end as next_attempt_at,
              e.cancel_requested_at,
              e.cancel_requested_by,
              e.cancel_reason,
              e.abandon_at,
              e.abandon_by,
              e.abandon_reason,
              e.abandon_comment,
              e.created_by,
              e.created_at,
              e.last_progress_at,
              e.finished_at,
              e.chunks,
              coalesce(latest.step, 0) as step,
              (latest.data ->> 'position')::bigint as position,
              (latest.data ->> 'goal')::bigint as goal,
              ((latest.data ->> 'position')::bigint - (earlier.data ->> 'position')::bigint)
                / nullif(extract(epoch from latest.at - earlier.at), 0) as rate
            from job_execution e
            left join lateral (
              select
                s.step,
                s.data,
                s.at
              from job_step_event s
              where s.execution_id = e.execution_id
                and s.event = 'succeeded'
              order by
                s.step desc,
                s.chunk desc
              limit 1
            ) latest on true
            left join lateral (
              select
                f.data,
                f.at
              from (
                select
                  s.data,
                  s.at,
                  s.chunk
                from job_step_event s
                where s.execution_id = e.execution_id
                  and s.step = latest.step
                  and s.event = 'succeeded'
                order by s.chunk desc
                limit 200
              ) f
              where f.at >= latest.at - interval '1 minute'
              order by f.chunk
              limit 1
            ) earlier on true
            where (?::uuid is null or e.execution_id = ?)
              and (?::text is null or e.kind = ?)
              and (?::text is null or e.state = ?)
              and (?::bigint is null or (
                e.state in ('pending', 'running', 'unwinding')
                and e.last_progress_at < clock_timestamp() - ?::bigint * interval '1 second'))
            order by
              e.created_at desc,
              e.execution_id
            limit ?
            """;

    private static final String CLAIMS = """
            select
              claim_epoch,
              node_id,
              incarnation,
              reason,
              claimed_at
            from job_claim
            where execution_id = ?
            order by claim_epoch desc
            limit 100
            """;

    private ViewTable() {}

    static Optional<ExecutionView> one(Connection connection, UUID id) throws SQLException {
        return views(connection, Optional.of(id), ExecutionFilter.ALL, 1).stream()
                .findFirst();
    }

    /** Newest first. */
    static List<ExecutionView> newest(Connection connection, ExecutionFilter filter, int limit) throws SQLException {
        return views(connection, Optional.empty(), filter, limit);
    }

    private static List<ExecutionView> views(
            Connection connection, Optional<UUID> id, ExecutionFilter filter, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(VIEW)) {
            statement.setObject(1, id.orElse(null));
            statement.setObject(2, id.orElse(null));
            String job = filter.job().orElse(null);
            statement.setString(3, job);
            statement.setString(4, job);
            String state = filter.state().map(ExecutionState::label).orElse(null);
            statement.setString(5, state);
            statement.setString(6, state);
            Long still = filter.stillFor().map(Duration::toSeconds).orElse(null);
            statement.setObject(7, still);
            statement.setObject(8, still);
            statement.setInt(9, limit);
            List<ExecutionView> views = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    views.add(view(row));
                }
            }
            return views;
        }
    }

    private static ExecutionView view(ResultSet row) throws SQLException {
        return new ExecutionView(
                row.getObject("execution_id", UUID.class),
                row.getString("kind"),
                row.getString("request_key"),
                Parameters.read(row).named(),
                ExecutionState.ofLabel(row.getString("state")),
                owner(row),
                row.getLong("claim_epoch"),
                row.getInt("failures"),
                Optional.ofNullable(row.getString("last_error")),
                time(row, "next_attempt_at"),
                said(row, "cancel_requested_by", "cancel_reason", "cancel_requested_at"),
                abandoned(row),
                row.getString("created_by"),
                time(row, "created_at").orElseThrow(),
                time(row, "last_progress_at").orElseThrow(),
                time(row, "finished_at"),
                row.getLong("chunks"),
                row.getInt("step"),
                progress(row),
                rate(row));
    }

    private static Optional<ExecutionView.Owner> owner(ResultSet row) throws SQLException {
        String node = row.getString("owner_node");
        return node == null
                ? Optional.empty()
                : Optional.of(new ExecutionView.Owner(
                        node,
                        row.getLong("owner_incarnation"),
                        time(row, "lease_until").orElseThrow()));
    }

    private static Optional<ExecutionView.Said> said(ResultSet row, String by, String why, String at)
            throws SQLException {
        Optional<Instant> when = time(row, at);
        String who = row.getString(by);
        return when.isEmpty()
                ? Optional.empty()
                : Optional.of(new ExecutionView.Said(who == null ? "" : who, row.getString(why), when.get()));
    }

    private static Optional<ExecutionView.Abandoned> abandoned(ResultSet row) throws SQLException {
        String reason = row.getString("abandon_reason");
        Optional<ExecutionView.Said> said = said(row, "abandon_by", "abandon_comment", "abandon_at");
        return said.map(words -> new ExecutionView.Abandoned(reason, words));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static Optional<Progress> progress(ResultSet row) throws SQLException {
        long position = row.getLong("position");
        return row.wasNull() ? Optional.empty() : Optional.of(new Progress(position, row.getLong("goal")));
    }

    private static OptionalDouble rate(ResultSet row) throws SQLException {
        double rate = row.getDouble("rate");
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(rate);
    }

    /** The latest hundred claims, newest first. */
    static List<ClaimView> claims(Connection connection, UUID execution) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIMS)) {
            statement.setObject(1, execution);
            List<ClaimView> claims = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    claims.add(new ClaimView(
                            row.getLong("claim_epoch"),
                            row.getString("node_id"),
                            row.getLong("incarnation"),
                            row.getString("reason"),
                            time(row, "claimed_at").orElseThrow()));
                }
            }
            return claims;
        }
    }
}
