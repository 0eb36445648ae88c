package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Executions as those who start and watch them see them. */
final class ExecutionTable {
    /** Executions of another generation of the code are left to nodes that know them. */
    static final int CODE_GENERATION = 1;

    private static final String INSERT = """
            insert into job_execution (execution_id, kind, code_generation, request_key, scope_key, params, params_sha256, created_by)
            select ?, ?, ?, ?, ?, coalesce(jsonb_object_agg(name, value), '{}'), ?, ?
            from unnest(?::text[], ?::text[]) as param (name, value)
            on conflict do nothing
            """;

    private static final String BY_REQUEST_KEY = """
            select execution_id, kind, params_sha256
            from job_execution
            where request_key = ?
            """;

    private static final String ACTIVE_IN_SCOPE = """
            select execution_id
            from job_execution
            where scope_key = ?
              and state in ('pending', 'running', 'unwinding')
            """;

    private static final String VIEW = """
            select
              e.execution_id,
              e.kind,
              e.request_key,
              array(select name from jsonb_each_text(e.params) as param (name, value) order by name) as param_names,
              array(select value from jsonb_each_text(e.params) as param (name, value) order by name) as param_values,
              e.state,
              e.owner_node,
              e.claim_epoch,
              e.failures,
              e.last_error,
              e.created_by,
              e.created_at,
              e.last_progress_at,
              e.finished_at,
              (select count(*) from job_step_event s where s.execution_id = e.execution_id and s.event = 'succeeded') as chunks,
              (latest.data ->> 'position')::bigint as position,
              (latest.data ->> 'goal')::bigint as goal
            from job_execution e
            left join lateral (
              select s.data
              from job_step_event s
              where s.execution_id = e.execution_id
                and s.event = 'succeeded'
              order by s.step desc, s.chunk desc
              limit 1
            ) latest on true
            where (?::uuid is null or e.execution_id = ?)
              and (?::text is null or e.kind = ?)
            order by e.created_at desc, e.execution_id
            limit ?
            """;

    private static final String ACTIVE = """
            select
              state,
              count(*) as executions
            from job_execution
            where state in ('pending', 'running', 'unwinding')
            group by state
            order by state
            """;

    private static final String REACHED = """
            select
              (data ->> 'position')::bigint as position,
              (data ->> 'goal')::bigint as goal,
              coalesce(data ->> 'note', '') as note
            from job_step_event
            where execution_id = ?
              and step = ?
              and event = 'succeeded'
            order by chunk desc
            limit 1
            """;

    private ExecutionTable() {}

    /** @param sameContent whether it is the same job with the same parameters */
    record Known(UUID execution, boolean sameContent) {}

    /** What is wanted to be carried out. */
    record Wish(String job, String scope, Parameters parameters, String requestKey, String wishedBy) {}

    /** False if the request key is known or the scope is taken. */
    static boolean insert(Connection connection, UUID id, Wish wish) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setObject(1, id);
            statement.setString(2, wish.job());
            statement.setInt(3, CODE_GENERATION);
            statement.setString(4, wish.requestKey());
            statement.setString(5, wish.scope());
            statement.setBytes(6, wish.parameters().sha256());
            statement.setString(7, wish.wishedBy());
            statement.setArray(8, wish.parameters().names(connection));
            statement.setArray(9, wish.parameters().values(connection));
            return statement.executeUpdate() == 1;
        }
    }

    static Optional<Known> byRequestKey(Connection connection, Wish wish) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BY_REQUEST_KEY)) {
            statement.setString(1, wish.requestKey());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                boolean same = row.getString("kind").equals(wish.job())
                        && Arrays.equals(
                                row.getBytes("params_sha256"), wish.parameters().sha256());
                return Optional.of(new Known(row.getObject("execution_id", UUID.class), same));
            }
        }
    }

    static Optional<UUID> activeInScope(Connection connection, String scope) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACTIVE_IN_SCOPE)) {
            statement.setString(1, scope);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getObject("execution_id", UUID.class)) : Optional.empty();
            }
        }
    }

    static Map<ExecutionState, Long> active(Connection connection) throws SQLException {
        Map<ExecutionState, Long> counted = new EnumMap<>(ExecutionState.class);
        Arrays.stream(ExecutionState.values()).filter(ExecutionState::active).forEach(state -> counted.put(state, 0L));
        try (PreparedStatement statement = connection.prepareStatement(ACTIVE);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                counted.put(ExecutionState.ofLabel(row.getString("state")), row.getLong("executions"));
            }
        }
        return counted;
    }

    static Optional<ExecutionView> one(Connection connection, UUID id) throws SQLException {
        return views(connection, Optional.of(id), Optional.empty(), 1).stream().findFirst();
    }

    /** Newest first. */
    static List<ExecutionView> newest(Connection connection, Optional<String> job, int limit) throws SQLException {
        return views(connection, Optional.empty(), job, limit);
    }

    private static List<ExecutionView> views(Connection connection, Optional<UUID> id, Optional<String> job, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(VIEW)) {
            statement.setObject(1, id.orElse(null));
            statement.setObject(2, id.orElse(null));
            statement.setString(3, job.orElse(null));
            statement.setString(4, job.orElse(null));
            statement.setInt(5, limit);
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
                Optional.ofNullable(row.getString("owner_node")),
                row.getLong("claim_epoch"),
                row.getInt("failures"),
                Optional.ofNullable(row.getString("last_error")),
                row.getString("created_by"),
                instant(row, "created_at"),
                instant(row, "last_progress_at"),
                Optional.ofNullable(row.getObject("finished_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                row.getLong("chunks"),
                progress(row));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Optional<Progress> progress(ResultSet row) throws SQLException {
        long position = row.getLong("position");
        if (row.wasNull()) {
            return Optional.empty();
        }
        return Optional.of(new Progress(position, row.getLong("goal")));
    }

    /** What the last chunk of a step recorded, by whichever claim; empty if there was none. */
    static Optional<Progress> reached(Connection connection, UUID execution, int step) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REACHED)) {
            statement.setObject(1, execution);
            statement.setInt(2, step);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Progress(row.getLong("position"), row.getLong("goal"), row.getString("note")))
                        : Optional.empty();
            }
        }
    }
}
