package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** How long executions stay with a node, by the database's clock alone. */
final class LeaseTable {
    /** A row that its own chunk has locked is renewed by the chunk: waiting for one would hold up the others. */
    private static final String RENEW = """
            with held as (
              select e.execution_id
              from unnest(?::uuid[], ?::bigint[]) as mine (execution_id, claim_epoch)
              join job_execution e on e.execution_id = mine.execution_id
              where e.claim_epoch = mine.claim_epoch
                and e.owner_node = ?
                and e.owner_incarnation = ?
                and e.state in ('running', 'unwinding')
            ), free as (
              select
                e.execution_id,
                e.claim_epoch
              from held h
              join job_execution e on e.execution_id = h.execution_id
              where e.owner_node = ?
                and e.owner_incarnation = ?
              order by e.execution_id
              for no key update of e skip locked
            ), renewed as (
              update job_execution e
              set lease_until = clock_timestamp() + ? * interval '1 millisecond'
              from free f
              where e.execution_id = f.execution_id
                and e.claim_epoch = f.claim_epoch
                and e.owner_node = ?
                and e.owner_incarnation = ?
                and e.state in ('running', 'unwinding')
            )
            select execution_id
            from held
            order by execution_id
            """;

    private LeaseTable() {}

    /** Renews leases that are held; never revives one that is lost. Returns the executions still held. */
    static Set<UUID> renew(Connection connection, NodeIdentity node, List<Claim> claims, Duration lease)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "uuid", claims.stream().map(Claim::execution).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", claims.stream().map(Claim::epoch).toArray()));
            statement.setString(3, node.id());
            statement.setLong(4, node.incarnation());
            statement.setString(5, node.id());
            statement.setLong(6, node.incarnation());
            statement.setLong(7, lease.toMillis());
            statement.setString(8, node.id());
            statement.setLong(9, node.incarnation());
            Set<UUID> held = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    held.add(row.getObject("execution_id", UUID.class));
                }
            }
            return held;
        }
    }
}
