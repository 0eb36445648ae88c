package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.usageledger.jobs.ControlTable.Locked;
import org.usageledger.tasks.TaskChannel;

/** Stops executions at an operator's word, on whichever node they are. */
final class Control {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final DataSource database;
    private final Map<String, Job> jobs;

    Control(DataSource database, Map<String, Job> jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    private interface Act {
        Controlled on(Connection transaction, Locked locked) throws SQLException;
    }

    /** Asked again, it is so already. */
    Controlled cancel(UUID id, Word word) {
        return locked("cancelling execution " + id, id, (transaction, locked) -> {
            if (locked.state() == ExecutionState.CANCELLED) {
                return new Controlled.Accepted();
            }
            if (!locked.state().active()) {
                return new Controlled.Ended(locked.state());
            }
            if (locked.state() == ExecutionState.UNWINDING) {
                return locked.askedToStop() ? new Controlled.Accepted() : new Controlled.Unwinding();
            }
            if (!locked.askedToStop()) {
                if (locked.neverTakenUp()) {
                    ControlTable.cancelAtOnce(transaction, id, word);
                } else {
                    ControlTable.askToStop(transaction, id, word);
                }
            }
            return new Controlled.Accepted();
        });
    }

    /** One that is stuck can be given up as well: cleaning up is tried once more. Asked again, it is so already. */
    Controlled abandon(UUID id, Word word, boolean force) {
        return locked("abandoning execution " + id, id, (transaction, locked) -> {
            if (locked.state() == ExecutionState.ABANDONED) {
                return new Controlled.Accepted();
            }
            if (!locked.state().active() && locked.state() != ExecutionState.STUCK) {
                return new Controlled.Ended(locked.state());
            }
            if (locked.held() && !force) {
                ExecutionView.Owner owner = locked.owner().orElseThrow();
                return new Controlled.Held(owner.node(), owner.leaseUntil());
            }
            String left = cleaned(transaction, locked);
            String comment = left.isEmpty() ? word.why() : word.why() + " (" + left + ")";
            ControlTable.abandon(transaction, id, new Word(word.by(), abbreviated(comment)));
            return new Controlled.Accepted();
        });
    }

    private static String abbreviated(String comment) {
        return comment.length() <= Word.CHARACTERS ? comment : comment.substring(0, Word.CHARACTERS);
    }

    /** What it would leave in the way is taken away if that can be done; what cannot is told, and does not keep it from being given up. */
    private String cleaned(Connection transaction, Locked locked) throws SQLException {
        Job job = jobs.get(locked.job());
        if (job == null) {
            return "not cleaned up: this node does not know the job";
        }
        Workplace nowhere = Workplace.of(database, JobTimes.USUAL, FaultPoints.NONE);
        Execution execution =
                new Execution(nowhere, locked.claim(), locked.parameters().named(), (_, _, _) -> {});
        return CleaningUp.tried(transaction, job, execution);
    }

    private Controlled locked(String doing, UUID id, Act act) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Optional<Locked> locked = ControlTable.lock(connection, id);
                Controlled answer =
                        locked.isEmpty() ? new Controlled.NoSuchExecution() : act.on(connection, locked.get());
                TaskChannel.announce(connection);
                connection.commit();
                return answer;
            } catch (SQLException | RuntimeException | Error e) {
                // Errors as well: going back to committing each statement would commit what is half done.
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return new Controlled.Busy();
            }
            throw new JobFault(doing, e);
        }
    }
}
