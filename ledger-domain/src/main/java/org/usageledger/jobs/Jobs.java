package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Starts executions, stops them, and says how they are doing. Any node may be asked, whichever carries them out. */
public final class Jobs {
    /** Executions shown at most. */
    public static final int LIST_LIMIT = 1_000;

    /** An execution that has not come forward for so long is not progressing: chunks take about a second. */
    public static final Duration STILL = Duration.ofMinutes(30);

    private static final int REQUEST_KEY_CHARACTERS = 255;
    /** A scope that was taken may be free a moment later, and taken again: this often it is looked at. */
    private static final int LOOKS = 10;

    private final DataSource database;
    private final Map<String, Job> jobs;
    private final Starter starter;
    private final Control control;

    /** Puts on record what is to be carried out, and by whom it is begun. */
    interface Starter {
        /** False if the request key is known or the scope is taken. */
        boolean start(Connection connection, UUID id, ExecutionTable.Wish wish) throws SQLException;
    }

    /** @param wake rings whoever carries executions out */
    public Jobs(DataSource database, List<Job> jobs, Runnable wake) {
        this(database, jobs, (connection, id, wish) -> {
            boolean inserted = ExecutionTable.insert(connection, id, wish);
            wake.run();
            return inserted;
        });
    }

    /** @param node that begins at once what it has room for */
    public Jobs(DataSource database, List<Job> jobs, JobNode node) {
        this(database, jobs, node.starter());
    }

    private Jobs(DataSource database, List<Job> jobs, Starter starter) {
        this.database = database;
        this.jobs = jobs.stream().collect(Collectors.toUnmodifiableMap(Job::name, Function.identity()));
        this.starter = starter;
        this.control = new Control(database, this.jobs);
    }

    /** The names of the jobs there are, in order. */
    public List<String> names() {
        return jobs.keySet().stream().sorted().toList();
    }

    /** A job by its name. */
    public Optional<Job> job(String name) {
        return Optional.ofNullable(jobs.get(name));
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
        Optional<Started> refusal = refusal(job, parameters);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        String key = requestKey.orElseGet(() -> UUID.randomUUID().toString());
        if (key.isEmpty() || key.length() > REQUEST_KEY_CHARACTERS) {
            return new Started.BadParameters("request_key has 1 to " + REQUEST_KEY_CHARACTERS + " characters");
        }
        UUID id = UUID.randomUUID();
        String scope = known.scope(parameters).orElse("execution:" + id);
        return started(id, new ExecutionTable.Wish(job, scope, Parameters.of(parameters), key, startedBy));
    }

    /** What {@link #start} would answer whatever else goes on: that there is no such job, or what it does not take. Empty if neither. */
    public Optional<Started> refusal(String job, Map<String, String> parameters) {
        Job known = jobs.get(job);
        if (known == null) {
            return Optional.of(new Started.NoSuchJob(job));
        }
        return known.refuse(parameters).map(Started.BadParameters::new);
    }

    private Started started(UUID id, ExecutionTable.Wish wish) {
        try (Connection connection = database.getConnection()) {
            for (int look = 0; look < LOOKS; look++) {
                if (starter.start(connection, id, wish)) {
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

    /** Asks an execution to stop after the chunk that is under way; it cleans up and is cancelled then. */
    public Controlled cancel(UUID id, Word word) {
        return control.cancel(id, word);
    }

    /**
     * Gives an execution up: nobody carries it out any more, from now on.
     *
     * @param force also if a node that may live has it
     */
    public Controlled abandon(UUID id, Word word, boolean force) {
        return control.abandon(id, word, force);
    }

    public Optional<ExecutionView> execution(UUID id) {
        return read("reading execution " + id, connection -> ViewTable.one(connection, id));
    }

    /** Who has taken an execution up, newest first, at most 100. */
    public List<ClaimView> claims(UUID id) {
        return read("reading the claims on execution " + id, connection -> ViewTable.claims(connection, id));
    }

    /**
     * Executions, newest first.
     *
     * @param job only of this one; empty for all
     * @param limit 1 to {@value #LIST_LIMIT}
     */
    public List<ExecutionView> executions(Optional<String> job, int limit) {
        return executions(job.map(ExecutionFilter::of).orElse(ExecutionFilter.ALL), limit);
    }

    /**
     * Executions, newest first.
     *
     * @param limit 1 to {@value #LIST_LIMIT}
     */
    public List<ExecutionView> executions(ExecutionFilter filter, int limit) {
        if (limit < 1 || limit > LIST_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + LIST_LIMIT + ", not " + limit);
        }
        return read("listing executions", connection -> ViewTable.newest(connection, filter, limit));
    }

    /** How many executions of each job are in each state that is not their last; jobs and states without any are there with 0. */
    public Map<String, Map<ExecutionState, Long>> active() {
        Map<String, Map<ExecutionState, Long>> counted =
                new TreeMap<>(read("counting executions", ExecutionTable::active));
        jobs.keySet().forEach(job -> counted.computeIfAbsent(job, _ -> new EnumMap<>(ExecutionState.class)));
        counted.values()
                .forEach(states -> Arrays.stream(ExecutionState.values())
                        .filter(ExecutionState::active)
                        .forEach(state -> states.putIfAbsent(state, 0L)));
        return counted;
    }

    /** Executions that somebody has to look at, the oldest trouble first, at most {@value #LIST_LIMIT}. */
    public List<Unwell> unwell() {
        return read(
                "listing executions that are unwell", connection -> UnwellTable.list(connection, STILL, LIST_LIMIT));
    }

    /** What an execution has reported so far, in the order it found it. */
    public List<Found> findings(UUID execution) {
        return read(
                "reading the report of execution " + execution, connection -> FindingTable.of(connection, execution));
    }

    private <T> T read(String doing, Reading<T> reading) {
        try (Connection connection = database.getConnection()) {
            return reading.on(connection);
        } catch (SQLException e) {
            throw new JobFault(doing, e);
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T on(Connection connection) throws SQLException;
    }
}
