package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The nodes that carry executions out. */
final class NodeTable {
    private static final String REGISTER = """
            insert into ledger_node (node_id, incarnation, code_generation, state, started_at, seen_at)
            values (?, 1, ?, 'active', clock_timestamp(), clock_timestamp())
            on conflict (node_id) do update
            set incarnation = ledger_node.incarnation + 1,
              code_generation = excluded.code_generation,
              state = 'active',
              started_at = clock_timestamp(),
              seen_at = clock_timestamp()
            where ledger_node.state <> 'expunged'
            returning incarnation
            """;

    private static final String SEEN = """
            update ledger_node
            set seen_at = clock_timestamp()
            where node_id = ?
              and incarnation = ?
              and state <> 'expunged'
            """;

    private static final String DRAINED = """
            update ledger_node
            set state = 'drained',
              seen_at = clock_timestamp()
            where node_id = ?
              and incarnation = ?
              and state <> 'expunged'
            """;

    private NodeTable() {}

    /** @throws IllegalStateException if this node was expunged: its name never comes back */
    static NodeIdentity register(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REGISTER)) {
            statement.setString(1, id);
            statement.setInt(2, ExecutionTable.CODE_GENERATION);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException(
                            "node " + id + " was expunged: start this service under another node name");
                }
                return new NodeIdentity(id, row.getLong("incarnation"));
            }
        }
    }

    static void seen(Connection connection, NodeIdentity node) throws SQLException {
        update(connection, SEEN, node);
    }

    static void drained(Connection connection, NodeIdentity node) throws SQLException {
        update(connection, DRAINED, node);
    }

    private static void update(Connection connection, String sql, NodeIdentity node) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, node.id());
            statement.setLong(2, node.incarnation());
            statement.executeUpdate();
        }
    }
}
