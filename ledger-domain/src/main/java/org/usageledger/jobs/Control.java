package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.jobs.ControlTable.Locked;
import org.usageledger.tasks.TaskChannel;

/** Stops executions at an operator's word, on whichever node they are. */
final class Control {
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);
    private static final int COMMENT_CHARACTERS = 2_000;

    private final DataSource database;
    private final Map<String, Job> jobs;

    Control(DataSource database, Map<String, Job> jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    private interface Act {
        Controlled on(Connection transaction, Locked locked) throws SQLException;
    }

    Controlled cancel(UUID id, Word word) {
        return locked("cancelling execution " + id, id, (transaction, locked) -> {
            if (locked.state() == ExecutionState.UNWINDING) {
                return new Controlled.Unwinding();
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

    Controlled abandon(UUID id, Word word, boolean force) {
        return locked("abandoning execution " + id, id, (transaction, locked) -> {
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
        Savepoint before = transaction.setSavepoint();
        try {
            job.giveUp(transaction, execution);
            return "";
        } catch (SQLException | RuntimeException e) {
            transaction.rollback(before);
            LOG.warn("execution {} is given up without cleaning up", execution.id(), e);
            String why = e.toString();
            return "not cleaned up: " + why.substring(0, Math.min(why.length(), COMMENT_CHARACTERS));
        }
    }

    private Controlled locked(String doing, UUID id, Act act) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Optional<Locked> locked = ControlTable.lock(connection, id);
                Controlled answer = locked.isEmpty()
                        ? new Controlled.NoSuchExecution()
                        : locked.get().state().active()
                                ? act.on(connection, locked.get())
                                : new Controlled.Ended(locked.get().state());
                TaskChannel.announce(connection);
                connection.commit();
                return answer;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new JobFault(doing, e);
        }
    }
}
