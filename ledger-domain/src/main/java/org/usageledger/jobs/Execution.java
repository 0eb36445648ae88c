package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.usageledger.jobs.FaultPoints.Point;
import org.usageledger.log.Fence;

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

    private final Workplace workplace;
    private final Claim claim;
    private final Map<String, String> parameters;
    private final Steps steps;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Told of each transaction, in the thread that works. */
    @FunctionalInterface
    interface Steps {
        void worked(int step, Instant began, boolean failed);
    }

    Execution(Workplace workplace, Claim claim, Map<String, String> parameters, Steps steps) {
        this.workplace = workplace;
        this.claim = claim;
        this.parameters = Map.copyOf(parameters);
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
     * @throws Cancelled if it was asked to stop; then nothing is done
     */
    public Progress chunk(int step, Chunk chunk) throws SQLException, InterruptedException {
        return observed(step, transaction -> recorded(transaction, step, chunk));
    }

    /** Does the last chunk and ends the execution, in one transaction. */
    public void finish(int step, Chunk chunk) throws SQLException, InterruptedException {
        observed(step, transaction -> {
            Progress progress = recorded(transaction, step, chunk);
            OutcomeTable.done(transaction, claim);
            return progress;
        });
        ended.countDown();
    }

    private Progress observed(int step, Chunk work) throws SQLException, InterruptedException {
        Instant began = Instant.now();
        boolean failed = true;
        try {
            Progress progress = inTransaction(step, transaction -> {
                at(Point.BEFORE_EFFECT, step, transaction);
                Progress reached = work.work(transaction);
                at(Point.AFTER_EFFECT, step, transaction);
                return reached;
            });
            failed = false;
            return progress;
        } finally {
            steps.worked(step, began, failed);
        }
    }

    /**
     * What keeps an append by this execution from being made by a superseded one, and records it as a chunk in the append's own transaction.
     *
     * @param chunk the number of this append within the step: the same for the same append, however often it is tried
     */
    public Fence fence(int step, int chunk, Progress progress) {
        return new ClaimFence(claim, step, chunk, progress, workplace.times().lease());
    }

    /** Waits between two chunks; ends early if this node stops carrying it out. */
    public void pause(Duration time) throws InterruptedException {
        if (ended.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("execution " + id() + " has ended: there is no next chunk to wait for");
        }
    }

    /** What the last chunk of a step recorded, on whichever node; empty if the step has not begun. */
    public Optional<Progress> reached(int step) throws SQLException {
        try (Connection connection = workplace.database().getConnection()) {
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

    /** Whether its last chunk is done. */
    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    private void at(Point point, int step, Connection transaction) throws SQLException {
        workplace.faults().at(point, claim, step, transaction);
    }

    private Progress recorded(Connection transaction, int step, Chunk chunk) throws SQLException {
        Progress progress = chunk.work(transaction);
        StepTable.progressed(
                transaction, claim, step, progress, workplace.times().lease());
        return progress;
    }

    private Progress inTransaction(int step, Chunk work) throws SQLException, InterruptedException {
        Progress progress = locked(transaction -> {
            if (ClaimTable.enter(transaction, claim)) {
                throw new Cancelled(id());
            }
            return work.work(transaction);
        });
        workplace.faults().at(Point.AFTER_COMMIT, claim, step, null);
        return progress;
    }

    /** A transaction that begins by locking the claim, whether or not somebody asked the execution to stop. */
    void settle(Settling work) throws SQLException, InterruptedException {
        locked(transaction -> {
            ClaimTable.enter(transaction, claim);
            work.work(transaction);
            return Progress.NONE;
        });
    }

    /** What ends a claim. */
    @FunctionalInterface
    interface Settling {
        void work(Connection transaction) throws SQLException;
    }

    private Progress locked(Chunk work) throws SQLException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("execution " + id() + " is stopped on this node");
        }
        workplace.room().acquire();
        try (Connection connection = workplace.database().getConnection()) {
            connection.setAutoCommit(false);
            try {
                guard(connection);
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
        } finally {
            workplace.room().release();
        }
    }

    /** A node that freezes with the claim's row locked is cut off before its lease ends. */
    private void guard(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(GUARD)) {
            statement.setString(
                    1, Long.toString(workplace.times().idleTransaction().toMillis()));
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
