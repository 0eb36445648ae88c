package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Executions as the nodes that carry them out see them. Only the database's clock decides a lease. */
final class ClaimTable {
    private static final String CLAIM = """
            with claimable as (
              select e.execution_id, e.state, e.owner_node, e.lease_until < clock_timestamp() as expired
              from job_execution e
              where e.code_generation = ?
                and e.kind = any (?)
                and (
                  (e.state = 'pending' and e.next_attempt_at <= clock_timestamp())
                  or (e.state in ('running', 'unwinding') and (
                    (e.owner_node = ? and e.owner_incarnation < ?)
                    or e.lease_until < clock_timestamp()
                    or exists (select 1 from ledger_node n where n.node_id = e.owner_node and n.state = 'expunged'))))
              order by e.execution_id
              limit ?
              for no key update of e skip locked
            ), claimed as (
              update job_execution e
              set state = case when e.state = 'pending' then 'running' else e.state end,
                owner_node = ?,
                owner_incarnation = ?,
                claim_epoch = e.claim_epoch + 1,
                lease_until = clock_timestamp() + ? * interval '1 millisecond'
              from claimable c
              where e.execution_id = c.execution_id
              returning e.execution_id, e.kind, e.claim_epoch, e.failures, e.params, e.owner_node, e.owner_incarnation
            ), noted as (
              insert into job_claim (execution_id, claim_epoch, node_id, incarnation, reason, backend_pid, backend_start)
              select c.execution_id, d.claim_epoch, d.owner_node, d.owner_incarnation,
                case
                  when c.state = 'pending' and d.claim_epoch = 1 then 'start'
                  when c.state = 'pending' or c.owner_node = d.owner_node then 'restart'
                  when c.expired then 'lease_expired'
                  else 'expunged'
                end,
                a.pid, a.backend_start
              from claimable c
              join claimed d on d.execution_id = c.execution_id
              join pg_stat_activity a on a.pid = pg_backend_pid()
            )
            select d.execution_id, d.kind, d.claim_epoch, d.failures,
              array(select name from jsonb_each_text(d.params) as param (name, value) order by name) as param_names,
              array(select value from jsonb_each_text(d.params) as param (name, value) order by name) as param_values,
              d.claim_epoch - coalesce((
                select s.claim_epoch
                from job_step_event s
                where s.execution_id = d.execution_id
                order by s.step desc, (s.data ->> 'position')::bigint desc, s.claim_epoch
                limit 1), 0) as fruitless
            from claimed d
            """;

    private static final String ENTER = """
            select ledger_enter_step(?, ?, ?, ?)
            """;

    private static final String HEARTBEAT = """
            update job_execution e
            set lease_until = clock_timestamp() + ? * interval '1 millisecond'
            from unnest(?::uuid[], ?::bigint[]) as held (execution_id, claim_epoch)
            where e.execution_id = held.execution_id
              and e.claim_epoch = held.claim_epoch
              and e.owner_node = ?
              and e.owner_incarnation = ?
              and e.state in ('running', 'unwinding')
            returning e.execution_id
            """;

    private static final String STEP = """
            insert into job_step_event (execution_id, step, chunk, event, claim_epoch, node_id, data)
            select ?, ?, coalesce(max(chunk), 0) + 1, 'succeeded', ?, ?,
              jsonb_build_object('position', ?::bigint, 'goal', ?::bigint, 'note', ?::text)
            from job_step_event
            where execution_id = ?
              and step = ?
            """;

    private static final String PROGRESSED = """
            update job_execution
            set last_progress_at = clock_timestamp(),
              lease_until = clock_timestamp() + ? * interval '1 millisecond'
            where execution_id = ?
              and claim_epoch = ?
            """;

    private static final String DONE = """
            update job_execution
            set state = 'done',
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              last_progress_at = clock_timestamp(),
              finished_at = clock_timestamp()
            where execution_id = ?
              and claim_epoch = ?
            """;

    private static final String FAILED = """
            update job_execution
            set state = 'failed',
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              failures = failures + 1,
              last_error_kind = 'permanent',
              last_error = ?,
              finished_at = clock_timestamp()
            where execution_id = ?
              and claim_epoch = ?
            """;

    private static final String RETRY = """
            update job_execution
            set state = 'pending',
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              failures = failures + 1,
              last_error_kind = 'transient',
              last_error = ?,
              next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
            where execution_id = ?
              and claim_epoch = ?
            """;

    private static final String RELEASE = """
            update job_execution
            set state = 'pending',
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              next_attempt_at = clock_timestamp()
            where execution_id = ?
              and claim_epoch = ?
              and owner_node = ?
              and owner_incarnation = ?
              and state = 'running'
            """;

    private ClaimTable() {}

    /** @param fruitless claims, with this one, since an execution got further than ever before */
    record Claimed(Claim claim, String job, int failures, long fruitless, Parameters parameters) {}

    static List<Claimed> claim(
            Connection connection, NodeIdentity node, Collection<String> jobs, Duration lease, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setInt(1, ExecutionTable.CODE_GENERATION);
            statement.setArray(2, connection.createArrayOf("text", jobs.toArray()));
            statement.setString(3, node.id());
            statement.setLong(4, node.incarnation());
            statement.setInt(5, limit);
            statement.setString(6, node.id());
            statement.setLong(7, node.incarnation());
            statement.setLong(8, lease.toMillis());
            List<Claimed> claimed = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Claim claim =
                            new Claim(row.getObject("execution_id", UUID.class), node, row.getLong("claim_epoch"));
                    claimed.add(new Claimed(
                            claim,
                            row.getString("kind"),
                            row.getInt("failures"),
                            row.getLong("fruitless"),
                            Parameters.read(row)));
                }
            }
            return claimed;
        }
    }

    /** Locks the claim's row to the end of the transaction. */
    static void enter(Connection transaction, Claim claim) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(ENTER)) {
            statement.setObject(1, claim.execution());
            statement.setString(2, claim.node().id());
            statement.setLong(3, claim.node().incarnation());
            statement.setLong(4, claim.epoch());
            statement.execute();
        } catch (SQLException e) {
            if (Fenced.SQLSTATE.equals(e.getSQLState())) {
                throw new Fenced(claim.execution(), claim.epoch(), e);
            }
            throw e;
        }
    }

    /** Renews leases that are held; never revives one that is lost. Returns the executions still held. */
    static Set<UUID> heartbeat(Connection connection, NodeIdentity node, List<Claim> claims, Duration lease)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEARTBEAT)) {
            statement.setLong(1, lease.toMillis());
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid", claims.stream().map(Claim::execution).toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", claims.stream().map(Claim::epoch).toArray()));
            statement.setString(4, node.id());
            statement.setLong(5, node.incarnation());
            Set<UUID> held = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    held.add(row.getObject("execution_id", UUID.class));
                }
            }
            return held;
        }
    }

    /** Records a chunk and renews the lease, in the chunk's own transaction. */
    static void progressed(Connection transaction, Claim claim, int step, Progress progress, Duration lease)
            throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(STEP)) {
            statement.setObject(1, claim.execution());
            statement.setInt(2, step);
            statement.setLong(3, claim.epoch());
            statement.setString(4, claim.node().id());
            statement.setLong(5, progress.position());
            statement.setLong(6, progress.goal());
            statement.setString(7, progress.note());
            statement.setObject(8, claim.execution());
            statement.setInt(9, step);
            statement.executeUpdate();
        }
        try (PreparedStatement statement = transaction.prepareStatement(PROGRESSED)) {
            statement.setLong(1, lease.toMillis());
            statement.setObject(2, claim.execution());
            statement.setLong(3, claim.epoch());
            statement.executeUpdate();
        }
    }

    static void done(Connection transaction, Claim claim) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(DONE)) {
            statement.setObject(1, claim.execution());
            statement.setLong(2, claim.epoch());
            statement.executeUpdate();
        }
    }

    static void failed(Connection transaction, Claim claim, String error) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(FAILED)) {
            statement.setString(1, error);
            statement.setObject(2, claim.execution());
            statement.setLong(3, claim.epoch());
            statement.executeUpdate();
        }
    }

    static void retry(Connection transaction, Claim claim, String error, Duration after) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(RETRY)) {
            statement.setString(1, error);
            statement.setLong(2, after.toMillis());
            statement.setObject(3, claim.execution());
            statement.setLong(4, claim.epoch());
            statement.executeUpdate();
        }
    }

    /** Gives an execution back, for any node to take up at once. */
    static void release(Connection connection, Claim claim) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setObject(1, claim.execution());
            statement.setLong(2, claim.epoch());
            statement.setString(3, claim.node().id());
            statement.setLong(4, claim.node().incarnation());
            statement.executeUpdate();
        }
    }
}
