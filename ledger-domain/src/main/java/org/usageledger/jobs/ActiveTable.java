package org.usageledger.jobs;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.usageledger.jobs.recovery.Listed;

/** All executions that are not at their end, whoever has them: what the recovery pass looks at. Its cost does not grow with those that are. */
final class ActiveTable {
    private static final String LIST = """
            select
              e.execution_id,
              e.kind,
              e.state,
              e.claim_epoch,
              e.code_generation,
              e.owner_node,
              e.owner_incarnation,
              e.next_attempt_at <= clock_timestamp() as due,
              e.lease_until < clock_timestamp() as expired,
              exists (select 1 from ledger_node n where n.node_id = e.owner_node and n.state = 'expunged') as expunged
            from job_execution e
            where e.state in ('pending', 'running', 'unwinding')
            order by e.execution_id
            """;

    /** When one may be taken up that may not be now; leases that are renewed in time are looked at in vain. */
    private static final String NEXT = """
            select extract(epoch from min(
              case when e.state = 'pending' then e.next_attempt_at else e.lease_until end) - clock_timestamp()) as seconds
            from job_execution e
            where (e.state = 'pending' and e.next_attempt_at > clock_timestamp())
              or (e.state in ('running', 'unwinding') and e.owner_node <> ?)
            """;

    private static final String STILL_ACTIVE = """
            select
              execution_id,
              state in ('pending', 'running', 'unwinding') as active
            from job_execution
            where execution_id = any (?)
            """;

    private ActiveTable() {}

    /** @param known the jobs of this node: what it does not know is another generation's to it */
    static List<Listed> list(Connection connection, Set<String> known) throws SQLException {
        List<Listed> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(LIST);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(listed(row, known));
            }
        }
        return rows;
    }

    private static Listed listed(ResultSet row, Set<String> known) throws SQLException {
        UUID id = row.getObject("execution_id", UUID.class);
        Optional<ExecutionState> state = Arrays.stream(ExecutionState.values())
                .filter(one -> label(row).equals(one.label()))
                .findFirst();
        String job = row.getString("kind");
        String node = row.getString("owner_node");
        long epoch = row.getLong("claim_epoch");
        int generation = known.contains(job) ? row.getInt("code_generation") : -1;
        if (state.isEmpty() || (state.get() == ExecutionState.PENDING) != (node == null)) {
            return new Listed.Unreadable(
                    id, "state " + label(row) + (node == null ? " without an owner" : " with an owner"));
        }
        return node == null
                ? new Listed.Pending(id, job, epoch, generation, row.getBoolean("due"))
                : new Listed.Owned(
                        id,
                        job,
                        epoch,
                        generation,
                        node,
                        row.getLong("owner_incarnation"),
                        row.getBoolean("expired"),
                        row.getBoolean("expunged"),
                        state.get() == ExecutionState.UNWINDING);
    }

    private static String label(ResultSet row) {
        try {
            return row.getString("state");
        } catch (SQLException e) {
            throw new IllegalStateException("the listing has a state", e);
        }
    }

    /** How long until something may be taken up that may not be now, as far as can be told; empty if nothing will by itself. */
    static Optional<Duration> next(Connection connection, NodeIdentity node) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setString(1, node.id());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                double seconds = row.getDouble("seconds");
                return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
            }
        }
    }

    /** Of those asked for: which are active, and which have ended; those in neither are not there. */
    static LookUp look(Connection connection, Collection<UUID> ids) throws SQLException {
        Set<UUID> active = new HashSet<>();
        Set<UUID> ended = new HashSet<>();
        Array array = connection.createArrayOf("uuid", ids.toArray());
        try (PreparedStatement statement = connection.prepareStatement(STILL_ACTIVE)) {
            statement.setArray(1, array);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    (row.getBoolean("active") ? active : ended).add(row.getObject("execution_id", UUID.class));
                }
            }
        }
        return new LookUp(active, ended);
    }

    record LookUp(Set<UUID> active, Set<UUID> ended) {}
}
