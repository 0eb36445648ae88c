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
import org.usageledger.log.Standstill;

/** Nodes as operators see and command them. */
final class NodeControlTable {
    private static final String VIEW = """
            select
              n.node_id,
              n.incarnation,
              n.code_generation,
              n.state,
              n.started_at,
              n.seen_at,
              n.seen_at >= clock_timestamp() - ? * interval '1 millisecond' as heard,
              n.quiesced_at,
              n.quiesced_by,
              n.quiesce_reason,
              n.expunged_at,
              n.expunged_by,
              n.expunge_reason,
              (select count(*)
                from job_execution e
                where e.owner_node = n.node_id
                  and e.state in ('running', 'unwinding')) as executions
            from (
              select
                node_id,
                incarnation,
                code_generation,
                state,
                started_at,
                seen_at,
                quiesced_at,
                quiesced_by,
                quiesce_reason,
                expunged_at,
                expunged_by,
                expunge_reason
              from ledger_node
              where (?::text is null or node_id = ?)
              order by seen_at desc
              limit ?
            ) as n
            order by n.node_id
            """;

    private static final String QUIESCE = """
            update ledger_node
            set state = 'quiescing',
              quiesced_at = clock_timestamp(),
              quiesced_by = ?,
              quiesce_reason = ?
            where node_id = ?
              and state in ('starting', 'active')
            """;

    private static final String EXPUNGE = """
            update ledger_node
            set state = 'expunged',
              expunged_at = clock_timestamp(),
              expunged_by = ?,
              expunge_reason = ?
            where node_id = ?
              and incarnation = ?
              and state <> 'expunged'
            """;

    private static final String PATIENCE = """
            select set_config('lock_timeout', '20s', true)
            """;

    private static final String CHUNKS = """
            select e.execution_id
            from job_execution e
            where e.owner_node = ?
              and e.state in ('running', 'unwinding')
            order by e.execution_id
            for no key update of e
            """;

    private NodeControlTable() {}

    static List<NodeView> views(Connection connection, Optional<String> name, Duration lease, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(VIEW)) {
            statement.setLong(1, lease.toMillis());
            statement.setString(2, name.orElse(null));
            statement.setString(3, name.orElse(null));
            statement.setInt(4, limit);
            List<NodeView> views = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    views.add(view(row));
                }
            }
            return views;
        }
    }

    private static NodeView view(ResultSet row) throws SQLException {
        return new NodeView(
                row.getString("node_id"),
                row.getLong("incarnation"),
                row.getInt("code_generation"),
                NodeState.ofLabel(row.getString("state")),
                time(row, "started_at").orElseThrow(),
                time(row, "seen_at").orElseThrow(),
                row.getBoolean("heard"),
                said(row, "quiesced_by", "quiesce_reason", "quiesced_at"),
                said(row, "expunged_by", "expunge_reason", "expunged_at"),
                row.getLong("executions"));
    }

    private static Optional<ExecutionView.Said> said(ResultSet row, String by, String why, String at)
            throws SQLException {
        Optional<Instant> when = time(row, at);
        return when.isEmpty()
                ? Optional.empty()
                : Optional.of(new ExecutionView.Said(row.getString(by), row.getString(why), when.get()));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    static void quiesce(Connection connection, String name, Word word) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUIESCE)) {
            statement.setString(1, word.by());
            statement.setString(2, word.why());
            statement.setString(3, name);
            statement.executeUpdate();
        }
    }

    /**
     * In a moment in which nobody appends, so that no append is judged before and committed after it.
     *
     * @return false if it was started again since it was looked at
     */
    static boolean expunge(Connection transaction, NodeView node, Word word) throws SQLException {
        patient(transaction);
        Standstill.begin(transaction);
        try (PreparedStatement statement = transaction.prepareStatement(EXPUNGE)) {
            statement.setString(1, word.by());
            statement.setString(2, word.why());
            statement.setString(3, node.name());
            statement.setLong(4, node.incarnation());
            return statement.executeUpdate() == 1;
        }
    }

    /** Waits until no transaction is under way that entered a step before this node was expunged; true when there is none. */
    static boolean awaitChunks(Connection transaction, String name) throws SQLException {
        patient(transaction);
        try (PreparedStatement statement = transaction.prepareStatement(CHUNKS)) {
            statement.setString(1, name);
            statement.executeQuery().close();
        }
        return true;
    }

    private static void patient(Connection transaction) throws SQLException {
        try (PreparedStatement patience = transaction.prepareStatement(PATIENCE)) {
            patience.executeQuery().close();
        }
    }
}
