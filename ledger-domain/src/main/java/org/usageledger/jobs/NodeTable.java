package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

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
              seen_at = clock_timestamp(),
              quiesced_at = null,
              quiesced_by = null,
              quiesce_reason = null
            where ledger_node.state <> 'expunged'
            returning incarnation
            """;

    private static final String SEEN = """
            update ledger_node
            set seen_at = clock_timestamp()
            where node_id = ?
              and incarnation = ?
              and state <> 'expunged'
            returning state
            """;

    /** Who is about to take an execution in this node's name shares the lock until that is committed. */
    private static final String ALONE = """
            select pg_try_advisory_xact_lock(hashtextextended('usage-ledger/claims/' || ?::text, 0)) as alone
            """;

    /** A claim whose lease has ended is anybody's. */
    private static final String DRAINED = """
            update ledger_node
            set state = 'drained',
              seen_at = clock_timestamp()
            where node_id = ?
              and incarnation = ?
              and state <> 'expunged'
              and not exists (
                select 1
                from job_execution e
                where e.owner_node = ledger_node.node_id
                  and e.owner_incarnation = ledger_node.incarnation
                  and e.state in ('running', 'unwinding')
                  and e.lease_until >= clock_timestamp())
            """;

    private static final String STANDING = """
            select
              n.incarnation,
              n.state
            from ledger_node n
            where n.node_id = ?
            """;

    /** Names drawn for one start only pile up where a service starts again and again: of those, the newest are enough to look back at. */
    private static final String FORGET = """
            with known as (
              select
                n.node_id,
                n.seen_at,
                row_number() over (order by n.seen_at desc) as rank
              from ledger_node n
              where n.state <> 'expunged'
            ), forgotten as (
              select n.node_id
              from ledger_node n
              join known k on k.node_id = n.node_id
              where (n.seen_at < clock_timestamp() - ? * interval '1 day'
                  or (k.rank > ? and n.seen_at < clock_timestamp() - interval '1 hour'))
                and n.state <> 'expunged'
                and not exists (select 1 from job_execution e where e.owner_node = n.node_id)
              order by n.seen_at
              limit ?
              for update of n skip locked
            ), unreported as (
              delete from job_status s
              using forgotten f
              where s.node_id = f.node_id
            )
            delete from ledger_node n
            using forgotten f
            where n.node_id = f.node_id
            """;

    /** One that comes back after so long is a new one. */
    private static final int FORGOTTEN_AFTER_DAYS = 30;

    private static final int REMEMBERED = 500;
    private static final int FORGOTTEN_AT_ONCE = 100;

    private NodeTable() {}

    /** What the database says of a node whose heartbeat found no row of its incarnation. */
    enum Standing {
        /** Another service was started under its name. */
        SUPERSEDED,
        EXPUNGED,
        /** The database was set back to a state in which this incarnation was not there. */
        UNKNOWN
    }

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

    /** Takes out some who have not been heard of for long and hold no execution, with all that they reported. */
    static void forget(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setInt(1, FORGOTTEN_AFTER_DAYS);
            statement.setInt(2, REMEMBERED);
            statement.setInt(3, FORGOTTEN_AT_ONCE);
            statement.executeUpdate();
        }
    }

    /** A heartbeat; the node's state, or empty if it is no longer the one that was registered. */
    static Optional<NodeState> seen(Connection connection, NodeIdentity node) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SEEN)) {
            statement.setString(1, node.id());
            statement.setLong(2, node.incarnation());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(NodeState.ofLabel(row.getString("state"))) : Optional.empty();
            }
        }
    }

    /** Why a heartbeat found nothing. */
    static Standing standing(Connection connection, NodeIdentity node) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STANDING)) {
            statement.setString(1, node.id());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Standing.UNKNOWN;
                }
                if (row.getString("state").equals("expunged")) {
                    return Standing.EXPUNGED;
                }
                return row.getLong("incarnation") > node.incarnation() ? Standing.SUPERSEDED : Standing.UNKNOWN;
            }
        }
    }

    /** Says that the node has handed over. False, and nothing is said, if it holds a claim, or somebody is about to take one in its name. */
    static boolean drained(Connection connection, NodeIdentity node) throws SQLException {
        connection.setAutoCommit(false);
        try {
            // Two statements, the second of which sees what was committed before the first had the lock.
            boolean drained = alone(connection, node.id()) && set(connection, node);
            connection.commit();
            return drained;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static boolean alone(Connection transaction, String node) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(ALONE)) {
            statement.setString(1, node);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean("alone");
            }
        }
    }

    private static boolean set(Connection transaction, NodeIdentity node) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(DRAINED)) {
            statement.setString(1, node.id());
            statement.setLong(2, node.incarnation());
            return statement.executeUpdate() == 1;
        }
    }
}
