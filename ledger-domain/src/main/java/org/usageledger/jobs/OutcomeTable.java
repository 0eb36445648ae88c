package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** How a claim on an execution ends. Whoever calls holds the claim's row locked, but for {@link #release}. */
final class OutcomeTable {
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
              and state = 'running'
            """;

    private static final String RETRY = """
            update job_execution
            set state = 'pending',
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              failures = failures + 1,
              failures_in_a_row = failures_in_a_row + 1,
              last_error_kind = 'transient',
              last_error = ?,
              next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
            where execution_id = ?
              and claim_epoch = ?
              and state = 'running'
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
              and owner_incarnation <= ?
              and state = 'running'
            """;

    /** One that cleans up stays in its state: only its lease ends. */
    private static final String RELEASE_UNWINDING = """
            update job_execution
            set lease_until = clock_timestamp() - interval '1 millisecond'
            where execution_id = ?
              and claim_epoch = ?
              and owner_node = ?
              and owner_incarnation <= ?
              and state = 'unwinding'
            """;

    private static final String UNWIND_FAILED = """
            update job_execution
            set state = 'unwinding',
              unwinding_to = 'failed',
              failures = failures + 1,
              failures_in_a_row = failures_in_a_row + 1,
              last_error_kind = 'permanent',
              last_error = ?
            where execution_id = ?
              and claim_epoch = ?
              and state = 'running'
            """;

    private static final String UNWIND_CANCELLED = """
            update job_execution
            set state = 'unwinding',
              unwinding_to = 'cancelled'
            where execution_id = ?
              and claim_epoch = ?
              and state = 'running'
            """;

    private static final String UNWOUND = """
            update job_execution
            set state = unwinding_to,
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              finished_at = clock_timestamp()
            where execution_id = ?
              and claim_epoch = ?
              and state = 'unwinding'
            """;

    private static final String STUCK = """
            update job_execution
            set state = 'stuck',
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              last_error_kind = 'permanent',
              last_error = ?,
              finished_at = clock_timestamp()
            where execution_id = ?
              and claim_epoch = ?
              and state = 'unwinding'
            """;

    private static final String UNRECOVERABLE = """
            update job_execution
            set state = 'abandoned',
              owner_node = null,
              owner_incarnation = null,
              lease_until = null,
              last_error_kind = 'permanent',
              last_error = ?,
              finished_at = clock_timestamp(),
              abandon_at = clock_timestamp(),
              abandon_reason = 'unrecoverable',
              abandon_by = owner_node,
              abandon_comment = 'what is stored of it cannot be carried out'
            where execution_id = ?
              and claim_epoch = ?
              and state in ('running', 'unwinding')
            """;

    private OutcomeTable() {}

    static void done(Connection transaction, Claim claim) throws SQLException {
        end(transaction, DONE, claim);
    }

    /** It is tried again after a while, here or elsewhere. */
    static void retry(Connection transaction, Claim claim, String error, Duration after) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(RETRY)) {
            statement.setString(1, error);
            statement.setLong(2, after.toMillis());
            statement.setObject(3, claim.execution());
            statement.setLong(4, claim.epoch());
            must(statement.executeUpdate(), claim);
        }
    }

    /** From now on it cleans up, and has failed then. */
    static void failing(Connection transaction, Claim claim, String error) throws SQLException {
        end(transaction, UNWIND_FAILED, claim, error);
    }

    /** From now on it cleans up, and is cancelled then. */
    static void cancelling(Connection transaction, Claim claim) throws SQLException {
        end(transaction, UNWIND_CANCELLED, claim);
    }

    /** It has cleaned up. */
    static void unwound(Connection transaction, Claim claim) throws SQLException {
        end(transaction, UNWOUND, claim);
    }

    /** It cannot even clean up: an operator has to look. */
    static void stuck(Connection transaction, Claim claim, String error) throws SQLException {
        end(transaction, STUCK, claim, error);
    }

    /** What is stored of it is not what was asked for, or nothing that can be carried out. */
    static void unrecoverable(Connection transaction, Claim claim, String error) throws SQLException {
        end(transaction, UNRECOVERABLE, claim, error);
    }

    /** Gives an execution back, for any node to take up at once; also one that an earlier life of the node has left. */
    static void release(Connection connection, Claim claim) throws SQLException {
        for (String sql : new String[] {RELEASE, RELEASE_UNWINDING}) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, claim.execution());
                statement.setLong(2, claim.epoch());
                statement.setString(3, claim.node().id());
                statement.setLong(4, claim.node().incarnation());
                statement.executeUpdate();
            }
        }
    }

    private static void end(Connection transaction, String sql, Claim claim) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            statement.setObject(1, claim.execution());
            statement.setLong(2, claim.epoch());
            must(statement.executeUpdate(), claim);
        }
    }

    private static void end(Connection transaction, String sql, Claim claim, String error) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            statement.setString(1, error);
            statement.setObject(2, claim.execution());
            statement.setLong(3, claim.epoch());
            must(statement.executeUpdate(), claim);
        }
    }

    private static void must(int rows, Claim claim) {
        if (rows != 1) {
            throw new IllegalStateException("execution " + claim.execution() + " of epoch " + claim.epoch()
                    + " is in another state than its row lock promised");
        }
    }
}
