package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** An execution in the hands of the node that carries it out. Every effect goes through it, so that a superseded node has none. */
public final class Execution {
    private static final String GUARD = """
            select
              set_config('idle_in_transaction_session_timeout', ?, true),
              set_config('lock_timeout', ?, true),
              set_config('statement_timeout', ?, true)
            """;
    private static final int LOCK_MILLIS = 5_000;
    private static final int STATEMENT_MILLIS = 60_000;

    private final DataSource database;
    private final Claim claim;
    private final Map<String, String> parameters;
    private final JobTimes times;
    private final Steps steps;

    /** Told of each transaction, in the thread that works. */
    @FunctionalInterface
    interface Steps {
        void worked(int step, Instant began, boolean failed);
    }

    Execution(DataSource database, Claim claim, Map<String, String> parameters, JobTimes times) {
        this(database, claim, parameters, times, (_, _, _) -> {});
    }

    Execution(DataSource database, Claim claim, Map<String, String> parameters, JobTimes times, Steps steps) {
        this.database = database;
        this.claim = claim;
        this.parameters = Map.copyOf(parameters);
        this.times = times;
        this.steps = steps;
    }

    /** A bounded piece of work, about a second of it at most. */
    @FunctionalInterface
    public interface Chunk {
        /** Works in the given transaction and says how far the execution is then. */
        Progress work(Connection transaction) throws SQLException;
    }

    public UUID id() {
        return claim.execution();
    }

    public Map<String, String> parameters() {
        return parameters;
    }

    /**
     * Does a chunk and records it, in one transaction that begins by locking the claim.
     *
     * @param step which of the job's steps it belongs to
     * @throws Fenced if the claim is lost; then nothing is done
     */
    public Progress chunk(int step, Chunk chunk) throws SQLException, InterruptedException {
        return observed(step, transaction -> recorded(transaction, step, chunk));
    }

    /** Does the last chunk and ends the execution, in one transaction. */
    public void finish(int step, Chunk chunk) throws SQLException, InterruptedException {
        observed(step, transaction -> {
            Progress progress = recorded(transaction, step, chunk);
            ClaimTable.done(transaction, claim);
            return progress;
        });
    }

    private Progress observed(int step, Chunk work) throws SQLException, InterruptedException {
        Instant began = Instant.now();
        boolean failed = true;
        try {
            Progress progress = inTransaction(work);
            failed = false;
            return progress;
        } finally {
            steps.worked(step, began, failed);
        }
    }

    /** What the last chunk of a step recorded, on whichever node; empty if the step has not begun. */
    public Optional<Progress> reached(int step) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return ExecutionTable.reached(connection, id(), step);
        }
    }

    /** How many findings are in the report, in a chunk's transaction. */
    public int reported(Connection transaction) throws SQLException {
        return FindingTable.count(transaction, id());
    }

    /** Adds to the report, in a chunk's transaction. */
    public void report(Connection transaction, List<Found> findings) throws SQLException {
        FindingTable.add(transaction, id(), findings);
    }

    Claim claim() {
        return claim;
    }

    private Progress recorded(Connection transaction, int step, Chunk chunk) throws SQLException {
        Progress progress = chunk.work(transaction);
        ClaimTable.progressed(transaction, claim, step, progress, times.lease());
        return progress;
    }

    /** A transaction that begins by locking the claim. */
    Progress inTransaction(Chunk work) throws SQLException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("execution " + id() + " is stopped on this node");
        }
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                guard(connection);
                ClaimTable.enter(connection, claim);
                Progress progress = work.work(connection);
                connection.commit();
                return progress;
            } catch (SQLException | RuntimeException | Error e) {
                // Errors as well: going back to committing each statement would commit what is half done.
                rollBack(connection, e);
                throw e;
            } finally {
                restore(connection);
            }
        }
    }

    /** A node that freezes with the claim's row locked is cut off before its lease ends. */
    private void guard(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(GUARD)) {
            statement.setString(1, Long.toString(times.idleTransaction().toMillis()));
            statement.setString(2, Integer.toString(LOCK_MILLIS));
            statement.setString(3, Integer.toString(STATEMENT_MILLIS));
            statement.executeQuery().close();
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static void restore(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            connection.setAutoCommit(true);
        }
    }
}
