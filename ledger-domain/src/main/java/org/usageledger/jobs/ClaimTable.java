package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Executions as the nodes that carry them out see them. Only the database's clock decides a lease. */
final class ClaimTable {
    /** The node is not drained before this is committed. */
    private static final String CLAIM = """
            with standing as materialized (
              select ledger_may_take(?, ?) as taking
            ), claimable as (
              select
                e.execution_id,
                e.owner_node,
                e.owner_incarnation,
                case when wanted.reason = 'start' and wanted.epoch > 0 then 'again' else wanted.reason end as reason
              from unnest(?::uuid[], ?::bigint[], ?::text[]) as wanted (execution_id, epoch, reason)
              join job_execution e on e.execution_id = wanted.execution_id
              where e.claim_epoch = wanted.epoch
                and e.code_generation = ?
                and (
                  (e.state = 'pending' and e.next_attempt_at <= clock_timestamp())
                  or (e.state in ('running', 'unwinding') and (
                    (e.owner_node = ? and e.owner_incarnation <= ?)
                    or e.lease_until < clock_timestamp()
                    or exists (select 1 from ledger_node n where n.node_id = e.owner_node and n.state = 'expunged'))))
                and (select s.taking from standing s)
              order by e.execution_id
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
              returning
                e.execution_id,
                e.kind,
                e.state,
                e.unwinding_to,
                e.last_error,
                e.claim_epoch,
                e.failures_in_a_row,
                e.params,
                e.params_sha256,
                e.owner_node,
                e.owner_incarnation
            ), noted as (
              insert into job_claim (execution_id, claim_epoch, node_id, incarnation, reason, backend_pid, backend_start)
              select
                c.execution_id,
                d.claim_epoch,
                d.owner_node,
                d.owner_incarnation,
                c.reason,
                a.pid,
                a.backend_start
              from claimable c
              join claimed d on d.execution_id = c.execution_id
              join pg_stat_activity a on a.pid = pg_backend_pid()
              returning
                execution_id,
                reason
            )
            select
              d.execution_id,
              d.kind,
              d.state,
              d.unwinding_to,
              d.last_error,
              d.claim_epoch,
              d.failures_in_a_row,
              d.params_sha256,
              n.reason,
              c.owner_node,
              c.owner_incarnation,
              array(select name from jsonb_each_text(d.params) as param (name, value) order by name) as param_names,
              array(select value from jsonb_each_text(d.params) as param (name, value) order by name) as param_values,
              d.claim_epoch - coalesce((
                select s.claim_epoch
                from job_step_event s
                where s.execution_id = d.execution_id
                order by
                  s.step desc,
                  (s.data ->> 'position')::bigint desc,
                  s.claim_epoch
                limit 1), 0) as fruitless
            from claimed d
            join claimable c on c.execution_id = d.execution_id
            join noted n on n.execution_id = d.execution_id
            order by d.execution_id
            """;

    private static final String ENTER = """
            select ledger_enter_step(?, ?, ?, ?) as asked_to_stop
            """;

    /** Looked at with the claim's row locked: who expunges waits for that lock, so that this comes before or sees it. */
    private static final String EXPUNGED = """
            select exists (
              select 1
              from ledger_node
              where node_id = ?
                and state = 'expunged'
            ) as expunged
            """;

    private ClaimTable() {}

    /**
     * An execution in this node's hands.
     *
     * @param unwinding where it goes when it has cleaned up; empty while it is being carried out
     * @param failures attempts that failed since it last got further
     * @param fruitless claims, with this one, since an execution got further than ever before
     * @param from who had it before, as node and incarnation; empty if nobody
     */
    record Claimed(
            Claim claim,
            String job,
            Optional<Unwinding> unwinding,
            int failures,
            long fruitless,
            Parameters parameters,
            boolean parametersAsStored,
            String reason,
            String from) {

        /** Of an execution that was inserted into this node's hands. */
        static Claimed first(Claim claim, ExecutionTable.Wish wish) {
            return new Claimed(claim, wish.job(), Optional.empty(), 0, 1, wish.parameters(), true, "start", "");
        }
    }

    /**
     * What an execution that cleans up becomes then.
     *
     * @param error why it failed; empty if it was cancelled
     */
    record Unwinding(ExecutionState to, String error) {}

    /** An execution that a node wants, as it was listed, and why. */
    record Wanted(UUID execution, long epoch, String reason) {}

    /** Takes those of the wanted that may be taken now, whatever was true when they were listed. */
    static List<Claimed> claim(Connection connection, NodeIdentity node, List<Wanted> wanted, Duration lease)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setString(1, node.id());
            statement.setLong(2, node.incarnation());
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "uuid", wanted.stream().map(Wanted::execution).toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "bigint", wanted.stream().map(Wanted::epoch).toArray()));
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "text", wanted.stream().map(Wanted::reason).toArray()));
            statement.setInt(6, ExecutionTable.CODE_GENERATION);
            statement.setString(7, node.id());
            statement.setLong(8, node.incarnation());
            statement.setString(9, node.id());
            statement.setLong(10, node.incarnation());
            statement.setLong(11, lease.toMillis());
            List<Claimed> claimed = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    claimed.add(claimed(row, node));
                }
            }
            return claimed;
        }
    }

    private static Claimed claimed(ResultSet row, NodeIdentity node) throws SQLException {
        Parameters parameters = Parameters.read(row);
        String from = row.getString("owner_node");
        return new Claimed(
                new Claim(row.getObject("execution_id", UUID.class), node, row.getLong("claim_epoch")),
                row.getString("kind"),
                unwinding(row),
                row.getInt("failures_in_a_row"),
                row.getLong("fruitless"),
                parameters,
                Arrays.equals(parameters.sha256(), row.getBytes("params_sha256")),
                row.getString("reason"),
                from == null ? "" : from + "/" + row.getLong("owner_incarnation"));
    }

    private static Optional<Unwinding> unwinding(ResultSet row) throws SQLException {
        if (!row.getString("state").equals(ExecutionState.UNWINDING.label())) {
            return Optional.empty();
        }
        String error = row.getString("last_error");
        ExecutionState to = ExecutionState.ofLabel(row.getString("unwinding_to"));
        return Optional.of(new Unwinding(to, error == null ? "" : error));
    }

    /**
     * Locks the claim's row to the end of the transaction. True if somebody asked it to stop.
     *
     * @throws Fenced if the claim is lost, or its node was expunged
     */
    static boolean enter(Connection transaction, Claim claim) throws SQLException {
        boolean askedToStop = locked(transaction, claim);
        try (PreparedStatement statement = transaction.prepareStatement(EXPUNGED)) {
            statement.setString(1, claim.node().id());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean("expunged")) {
                    throw new Fenced(claim.execution(), claim.node().id());
                }
            }
        }
        return askedToStop;
    }

    private static boolean locked(Connection transaction, Claim claim) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(ENTER)) {
            statement.setObject(1, claim.execution());
            statement.setString(2, claim.node().id());
            statement.setLong(3, claim.node().incarnation());
            statement.setLong(4, claim.epoch());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean("asked_to_stop");
            }
        } catch (SQLException e) {
            if (Fenced.SQLSTATE.equals(e.getSQLState())) {
                throw new Fenced(claim.execution(), claim.epoch(), e);
            }
            throw e;
        }
    }
}
