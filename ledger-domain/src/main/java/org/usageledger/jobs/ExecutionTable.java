package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Executions as those who start and stop them see them. */
final class ExecutionTable {
    /** Executions of another generation of the code are left to nodes that know them. */
    static final int CODE_GENERATION = 1;

    private static final String INSERT = """
            insert into job_execution (execution_id, kind, code_generation, request_key, scope_key, params, params_sha256, created_by)
            select ?, ?, ?, ?, ?, coalesce(jsonb_object_agg(name, value), '{}'), ?, ?
            from unnest(?::text[], ?::text[]) as param (name, value)
            on conflict do nothing
            """;

    /**
     * Owned from its first moment: there is no time at which another node could take it. The node is not drained before this is
     * committed.
     */
    private static final String INSERT_CLAIMED = """
            with standing as materialized (
              select ledger_may_take(?, ?) as taking
            ), started as (
              insert into job_execution (execution_id, kind, code_generation, request_key, scope_key, params, params_sha256, created_by,
                state, owner_node, owner_incarnation, lease_until, claim_epoch)
              select ?, ?, ?, ?, ?, coalesce(jsonb_object_agg(name, value), '{}'), ?, ?,
                'running', ?, ?, clock_timestamp() + ? * interval '1 millisecond', 1
              from unnest(?::text[], ?::text[]) as param (name, value)
              having (select s.taking from standing s)
              on conflict do nothing
              returning execution_id
            )
            insert into job_claim (execution_id, claim_epoch, node_id, incarnation, reason, backend_pid, backend_start)
            select
              s.execution_id,
              1,
              ?,
              ?,
              'start',
              a.pid,
              a.backend_start
            from started s
            join pg_stat_activity a on a.pid = pg_backend_pid()
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

    private static final String ACTIVE = """
            select
              kind,
              state,
              count(*) as executions
            from job_execution
            where state in ('pending', 'running', 'unwinding')
            group by
              kind,
              state
            order by
              kind,
              state
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
            content(statement, 1, id, wish);
            statement.setArray(8, wish.parameters().names(connection));
            statement.setArray(9, wish.parameters().values(connection));
            return statement.executeUpdate() == 1;
        }
    }

    /** As {@link #insert}, into this node's hands with epoch 1; false as well if the node may not take anything. */
    static boolean insertClaimed(Connection connection, UUID id, Wish wish, NodeIdentity node, Duration lease)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT_CLAIMED)) {
            statement.setString(1, node.id());
            statement.setLong(2, node.incarnation());
            content(statement, 3, id, wish);
            statement.setString(10, node.id());
            statement.setLong(11, node.incarnation());
            statement.setLong(12, lease.toMillis());
            statement.setArray(13, wish.parameters().names(connection));
            statement.setArray(14, wish.parameters().values(connection));
            statement.setString(15, node.id());
            statement.setLong(16, node.incarnation());
            return statement.executeUpdate() == 1;
        }
    }

    private static void content(PreparedStatement statement, int first, UUID id, Wish wish) throws SQLException {
        statement.setObject(first, id);
        statement.setString(first + 1, wish.job());
        statement.setInt(first + 2, CODE_GENERATION);
        statement.setString(first + 3, wish.requestKey());
        statement.setString(first + 4, wish.scope());
        statement.setBytes(first + 5, wish.parameters().sha256());
        statement.setString(first + 6, wish.wishedBy());
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

    /** How many of each job are in each state that is not their last, where there are any. */
    static Map<String, Map<ExecutionState, Long>> active(Connection connection) throws SQLException {
        Map<String, Map<ExecutionState, Long>> counted = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(ACTIVE);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                counted.computeIfAbsent(row.getString("kind"), _ -> new EnumMap<>(ExecutionState.class))
                        .put(ExecutionState.ofLabel(row.getString("state")), row.getLong("executions"));
            }
        }
        return counted;
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
