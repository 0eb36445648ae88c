package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/** What operators want of executions, against the will of those that carry them out. */
final class ControlTable {
    /** A chunk that is under way is waited for. */
    private static final String PATIENCE = """
            select set_config('lock_timeout', '5s', true)
            """;

    private static final String LOCK = """
            select
              e.state,
              e.kind,
              e.claim_epoch,
              e.owner_node,
              e.owner_incarnation,
              e.lease_until,
              e.cancel_requested_at is not null as asked_to_stop,
              coalesce(e.lease_until > clock_timestamp(), false)
                and exists (
                  select 1
                  from ledger_node n
                  where n.node_id = e.owner_node
                    and n.incarnation = e.owner_incarnation
                    and n.state <> 'expunged') as held,
              array(select name from jsonb_each_text(e.params) as param (name, value) order by name) as param_names,
              array(select value from jsonb_each_text(e.params) as param (name, value) order by name) as param_values
            from job_execution e
            where e.execution_id = ?
            for no key update of e
            """;

    private static final String CANCEL_AT_ONCE = """
            update job_execution
            set state = 'cancelled',
              cancel_requested_at = clock_timestamp(),
              cancel_requested_by = ?,
              cancel_reason = ?,
              finished_at = clock_timestamp()
            where execution_id = ?
            """;

    private static final String ASK_TO_STOP = """
            update job_execution
            set cancel_requested_at = clock_timestamp(),
              cancel_requested_by = ?,
              cancel_reason = ?,
              next_attempt_at = clock_timestamp()
            where execution_id = ?
            """;

    private static final String ABANDON = """
            update job_execution
            set state = 'abandoned',
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              finished_at = clock_timestamp(),
              abandon_at = clock_timestamp(),
              abandon_reason = 'operator',
              abandon_by = ?,
              abandon_comment = ?
            where execution_id = ?
            """;

    private ControlTable() {}

    /**
     * An execution, locked.
     *
     * @param held whether a node that may live has it
     */
    record Locked(
            ExecutionState state,
            String job,
            Claim claim,
            Optional<ExecutionView.Owner> owner,
            boolean askedToStop,
            boolean held,
            Parameters parameters) {
        boolean neverTakenUp() {
            return state == ExecutionState.PENDING && claim.epoch() == 0;
        }
    }

    static Optional<Locked> lock(Connection transaction, UUID id) throws SQLException {
        try (PreparedStatement patience = transaction.prepareStatement(PATIENCE)) {
            patience.executeQuery().close();
        }
        try (PreparedStatement statement = transaction.prepareStatement(LOCK)) {
            statement.setObject(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(locked(row, id)) : Optional.empty();
            }
        }
    }

    private static Locked locked(ResultSet row, UUID id) throws SQLException {
        String node = row.getString("owner_node");
        long incarnation = row.getLong("owner_incarnation");
        Optional<ExecutionView.Owner> owner = node == null
                ? Optional.empty()
                : Optional.of(new ExecutionView.Owner(
                        node,
                        incarnation,
                        row.getObject("lease_until", OffsetDateTime.class).toInstant()));
        NodeIdentity holder = new NodeIdentity(node == null ? "" : node, incarnation);
        return new Locked(
                ExecutionState.ofLabel(row.getString("state")),
                row.getString("kind"),
                new Claim(id, holder, row.getLong("claim_epoch")),
                owner,
                row.getBoolean("asked_to_stop"),
                row.getBoolean("held"),
                Parameters.read(row));
    }

    static void cancelAtOnce(Connection transaction, UUID id, Word word) throws SQLException {
        update(transaction, CANCEL_AT_ONCE, id, word);
    }

    static void askToStop(Connection transaction, UUID id, Word word) throws SQLException {
        update(transaction, ASK_TO_STOP, id, word);
    }

    static void abandon(Connection transaction, UUID id, Word word) throws SQLException {
        update(transaction, ABANDON, id, word);
    }

    private static void update(Connection transaction, String sql, UUID id, Word word) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            statement.setString(1, word.by());
            statement.setString(2, word.why());
            statement.setObject(3, id);
            statement.executeUpdate();
        }
    }
}
