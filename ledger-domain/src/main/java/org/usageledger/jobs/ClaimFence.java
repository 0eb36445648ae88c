package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.usageledger.log.Fence;

/** Lets an execution append while its claim is held, and records the append as a chunk where it becomes durable. */
record ClaimFence(Claim claim, int step, int chunk, Progress progress, Duration lease) implements Fence {
    private static final String ENTER = """
            select execution_id
            from job_execution
            where execution_id = ?
              and owner_node = ?
              and owner_incarnation = ?
              and claim_epoch = ?
              and state = 'running'
              and cancel_requested_at is null
              and not exists (select 1 from ledger_node n where n.node_id = owner_node and n.state = 'expunged')
            for no key update skip locked
            """;

    private static final String HELD = """
            select exists (
              select 1
              from job_execution
              where execution_id = ?
                and owner_node = ?
                and owner_incarnation = ?
                and claim_epoch = ?
                and state = 'running'
                and cancel_requested_at is null
                and not exists (select 1 from ledger_node n where n.node_id = owner_node and n.state = 'expunged')
            ) as held
            """;

    private static final String RECORD = """
            insert into job_step_event (execution_id, step, chunk, event, claim_epoch, node_id, data)
            values (?, ?, ?, 'succeeded', ?, ?,
              jsonb_build_object('position', ?::bigint, 'goal', ?::bigint, 'note', ?::text))
            on conflict do nothing
            """;

    private static final String PROGRESSED = """
            update job_execution
            set last_progress_at = clock_timestamp(),
              failures_in_a_row = case when ? > 0 then 0 else failures_in_a_row end,
              chunks = chunks + ?,
              lease_until = clock_timestamp() + ? * interval '1 millisecond'
            where execution_id = ?
              and claim_epoch = ?
            """;

    private static final String RECORDED = """
            select
              claim_epoch,
              data = jsonb_build_object('position', ?::bigint, 'goal', ?::bigint, 'note', ?::text) as same
            from job_step_event
            where execution_id = ?
              and step = ?
              and chunk = ?
              and event = 'succeeded'
            """;

    @Override
    public Standing enter(Connection transaction) throws SQLException {
        if (finds(transaction, ENTER)) {
            return Standing.HELD;
        }
        return held(transaction) ? Standing.BUSY : Standing.FENCED;
    }

    private boolean finds(Connection transaction, String sql) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            identify(statement);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private boolean held(Connection transaction) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(HELD)) {
            identify(statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean("held");
            }
        }
    }

    private void identify(PreparedStatement statement) throws SQLException {
        statement.setObject(1, claim.execution());
        statement.setString(2, claim.node().id());
        statement.setLong(3, claim.node().incarnation());
        statement.setLong(4, claim.epoch());
    }

    /** A step that is there already must say the same: another content under its number is a defect of the job, told and not passed over. */
    @Override
    public void recordStep(Connection transaction) throws SQLException {
        int recorded;
        try (PreparedStatement statement = transaction.prepareStatement(RECORD)) {
            statement.setObject(1, claim.execution());
            statement.setInt(2, step);
            statement.setInt(3, chunk);
            statement.setLong(4, claim.epoch());
            statement.setString(5, claim.node().id());
            statement.setLong(6, progress.position());
            statement.setLong(7, progress.goal());
            statement.setString(8, progress.note());
            recorded = statement.executeUpdate();
        }
        if (recorded == 0) {
            compare(transaction);
        }
        try (PreparedStatement statement = transaction.prepareStatement(PROGRESSED)) {
            statement.setInt(1, recorded);
            statement.setInt(2, recorded);
            statement.setLong(3, lease.toMillis());
            statement.setObject(4, claim.execution());
            statement.setLong(5, claim.epoch());
            statement.executeUpdate();
        }
    }

    private void compare(Connection transaction) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(RECORDED)) {
            statement.setLong(1, progress.position());
            statement.setLong(2, progress.goal());
            statement.setString(3, progress.note());
            statement.setObject(4, claim.execution());
            statement.setInt(5, step);
            statement.setInt(6, chunk);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || !row.getBoolean("same")) {
                    throw new IllegalStateException("execution " + claim.execution() + " recorded step " + step
                            + ", chunk " + chunk + " before, and otherwise");
                }
            }
        }
    }
}
