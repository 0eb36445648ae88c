package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Starts executions and says how they are doing. Any node may be asked, whichever carries them out. */
public final class Jobs {
    /** Executions shown at most. */
    public static final int LIST_LIMIT = 1_000;

    private static final int REQUEST_KEY_CHARACTERS = 255;
    /** A scope that was taken may be free a moment later, and taken again: this often it is looked at. */
    private static final int LOOKS = 10;

    private final DataSource database;
    private final Map<String, Job> jobs;
    private final Runnable wake;

    /** @param wake rings whoever carries executions out on this node */
    public Jobs(DataSource database, List<Job> jobs, Runnable wake) {
        this.database = database;
        this.jobs = jobs.stream().collect(Collectors.toUnmodifiableMap(Job::name, Function.identity()));
        this.wake = wake;
    }

    /** The names of the jobs there are, in order. */
    public List<String> names() {
        return jobs.keySet().stream().sorted().toList();
    }

    /**
     * Has an execution carried out, once: the same request key finds the execution that it started before.
     *
     * @param startedBy who wants it, for the record
     */
    public Started start(String job, Map<String, String> parameters, Optional<String> requestKey, String startedBy) {
        Job known = jobs.get(job);
        if (known == null) {
            return new Started.NoSuchJob(job);
        }
        String key = requestKey.orElseGet(() -> UUID.randomUUID().toString());
        if (key.isEmpty() || key.length() > REQUEST_KEY_CHARACTERS) {
            return new Started.BadParameters("request_key has 1 to " + REQUEST_KEY_CHARACTERS + " characters");
        }
        Optional<String> problem = known.refuse(parameters);
        if (problem.isPresent()) {
            return new Started.BadParameters(problem.get());
        }
        ExecutionTable.Wish wish =
                new ExecutionTable.Wish(job, known.scope(parameters), Parameters.of(parameters), key, startedBy);
        Started started = started(wish);
        wake.run();
        return started;
    }

    private Started started(ExecutionTable.Wish wish) {
        UUID id = UUID.randomUUID();
        try (Connection connection = database.getConnection()) {
            for (int look = 0; look < LOOKS; look++) {
                if (ExecutionTable.insert(connection, id, wish)) {
                    return new Started.Accepted(id);
                }
                Optional<Started> inTheWay = inTheWay(connection, wish);
                if (inTheWay.isPresent()) {
                    return inTheWay.get();
                }
            }
        } catch (SQLException e) {
            throw new JobFault("starting an execution of " + wish.job(), e);
        }
        throw new IllegalStateException(
                "the scope " + wish.scope() + " was neither free nor taken " + LOOKS + " times in a row");
    }

    private static Optional<Started> inTheWay(Connection connection, ExecutionTable.Wish wish) throws SQLException {
        Optional<ExecutionTable.Known> known = ExecutionTable.byRequestKey(connection, wish);
        if (known.isPresent()) {
            UUID execution = known.get().execution();
            return Optional.of(
                    known.get().sameContent() ? new Started.Accepted(execution) : new Started.KeyTaken(execution));
        }
        return ExecutionTable.activeInScope(connection, wish.scope()).map(Started.ActiveAlready::new);
    }

    public Optional<ExecutionView> execution(UUID id) {
        try (Connection connection = database.getConnection()) {
            return ExecutionTable.one(connection, id);
        } catch (SQLException e) {
            throw new JobFault("reading execution " + id, e);
        }
    }

    /**
     * Executions, newest first.
     *
     * @param job only of this one; empty for all
     * @param limit 1 to {@value #LIST_LIMIT}
     */
    public List<ExecutionView> executions(Optional<String> job, int limit) {
        if (limit < 1 || limit > LIST_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + LIST_LIMIT + ", not " + limit);
        }
        try (Connection connection = database.getConnection()) {
            return ExecutionTable.newest(connection, job, limit);
        } catch (SQLException e) {
            throw new JobFault("listing executions", e);
        }
    }

    /** How many executions are in each state that is not their last; states without any are there with 0. */
    public Map<ExecutionState, Long> active() {
        try (Connection connection = database.getConnection()) {
            return ExecutionTable.active(connection);
        } catch (SQLException e) {
            throw new JobFault("counting executions", e);
        }
    }

    /** What an execution has reported so far, in the order it found it. */
    public List<Found> findings(UUID execution) {
        try (Connection connection = database.getConnection()) {
            return FindingTable.of(connection, execution);
        } catch (SQLException e) {
            throw new JobFault("reading the report of execution " + execution, e);
        }
    }
}
