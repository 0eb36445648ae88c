package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.jobs.JobObserver.Attempt;

/**
 * Carries executions out on this node: takes up what is pending and what a node that is not heard of has left, renews its leases, and
 * gives back what it has when it closes.
 */
public final class JobNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobNode.class);
    private static final int CONCURRENT_EXECUTIONS = 4;
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final int ERROR_CHARACTERS = 2_000;

    private final DataSource database;
    private final Map<String, Job> jobs;
    private final JobTimes times;
    private final JobObserver observer;
    private volatile NodeIdentity identity;
    private volatile @Nullable Stopped stopped;
    private final Map<UUID, Local> local = new ConcurrentHashMap<>();
    private final Semaphore bell = new Semaphore(0);
    private final Thread loop;
    private volatile boolean closed;

    /** Why this node carries nothing out any more although it was not closed, and since when. */
    public record Stopped(Instant since, String reason) {}

    private record Local(Claim claim, Thread thread) {}

    /**
     * Registers the node and begins to work.
     *
     * @param node its name, the same again when it is started again
     * @param observer told once if it finds that another service has its name, and of what it carries out
     */
    public JobNode(DataSource database, String node, List<Job> jobs, JobTimes times, JobObserver observer) {
        this.database = database;
        this.jobs = jobs.stream().collect(Collectors.toUnmodifiableMap(Job::name, Function.identity()));
        this.times = times;
        this.observer = observer;
        try (Connection connection = database.getConnection()) {
            identity = NodeTable.register(connection, node);
            NodeTable.forget(connection);
        } catch (SQLException e) {
            throw new JobFault("registering node " + node, e);
        }
        loop = Thread.ofVirtual().name("ledger-jobs").start(this::run);
    }

    /** Why it carries nothing out any more, if it has stopped by itself. */
    public Optional<Stopped> stopped() {
        return Optional.ofNullable(stopped);
    }

    /** Looks for work now. */
    public void wake() {
        bell.release();
    }

    private void run() {
        while (!closed && stopped == null) {
            try {
                pass();
            } catch (SQLException | RuntimeException e) {
                LOG.warn("cannot look for executions: {}", e.getMessage());
            }
            try {
                if (bell.tryAcquire(times.period().toMillis(), TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void pass() throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (!NodeTable.seen(connection, identity) && !standsAgain(connection)) {
                return;
            }
            renew(connection);
            int free = CONCURRENT_EXECUTIONS - local.size();
            if (free > 0 && !closed) {
                ClaimTable.claim(connection, identity, jobs.keySet(), times.lease(), free)
                        .forEach(this::begin);
            }
        }
    }

    /** Whether this node may go on after its heartbeat was not heard. The younger of two goes on: it may be this one, restarted. */
    private boolean standsAgain(Connection connection) throws SQLException {
        return switch (NodeTable.standing(connection, identity)) {
            case SUPERSEDED -> {
                stop("another service was started under the node name " + identity.id()
                        + ": this one neither projects nor carries out executions any more; give each service on one"
                        + " database a LEDGER_NODE of its own and start this one again");
                yield false;
            }
            case EXPUNGED -> {
                stop("node " + identity.id() + " was expunged: start this service under another node name");
                yield false;
            }
            case UNKNOWN -> {
                identity = NodeTable.register(connection, identity.id());
                LOG.warn("node {} was not known to the database any more and is registered anew", identity.id());
                yield true;
            }
        };
    }

    private void stop(String reason) {
        LOG.error("{}", reason);
        stopped = new Stopped(Instant.now(), reason);
        local.values().forEach(one -> one.thread().interrupt());
        observer.stopped();
    }

    private void renew(Connection connection) throws SQLException {
        List<Local> held = List.copyOf(local.values());
        if (held.isEmpty()) {
            return;
        }
        Set<UUID> still = ClaimTable.heartbeat(
                connection, identity, held.stream().map(Local::claim).toList(), times.lease());
        for (Local one : held) {
            if (!still.contains(one.claim().execution()) && local.containsValue(one)) {
                // Either it has just ended, or another node has it: in both cases this thread is not needed.
                one.thread().interrupt();
            }
        }
    }

    private void begin(ClaimTable.Claimed claimed) {
        UUID id = claimed.claim().execution();
        Execution execution = new Execution(
                database,
                claimed.claim(),
                claimed.parameters().named(),
                times,
                (step, began, failed) -> observer.worked(new JobObserver.Work(
                        claimed.job(), id, step, began, Duration.between(began, Instant.now()), failed)));
        Job job = jobs.get(claimed.job());
        if (job == null) {
            throw new IllegalStateException("claimed an execution of a job that is not here: " + claimed.job());
        }
        Thread thread = Thread.ofVirtual()
                .name("ledger-execution-" + execution.id())
                .unstarted(() -> {
                    try {
                        if (claimed.fruitless() > times.claims()) {
                            giveUp(job, execution, claimed.fruitless());
                        } else {
                            carryOut(job, execution, claimed.failures());
                        }
                    } finally {
                        local.remove(execution.id());
                    }
                });
        local.put(execution.id(), new Local(claimed.claim(), thread));
        thread.start();
    }

    private void carryOut(Job job, Execution execution, int failures) {
        try {
            job.carryOut(execution);
            observer.attempted(job.name(), Attempt.DONE);
        } catch (Fenced e) {
            LOG.info("{}", e.getMessage());
            observer.attempted(job.name(), Attempt.FENCED);
        } catch (InterruptedException e) {
            release(job, execution);
        } catch (SQLException | RuntimeException e) {
            if (closed) {
                release(job, execution);
            } else {
                failed(job, execution, failures, e);
            }
        } catch (Error e) {
            failed(job, execution, failures, e);
            throw e;
        }
    }

    private void release(Job job, Execution execution) {
        release(execution);
        observer.attempted(job.name(), Attempt.RELEASED);
    }

    private void failed(Job job, Execution execution, int failures, Throwable failure) {
        observer.attempted(job.name(), Attempt.FAILED);
        LOG.warn("attempt {} of execution {} of {} failed", failures + 1, execution.id(), job.name(), failure);
        String error = abbreviated(failure.toString());
        record(execution, transaction -> {
            if (failures + 1 < times.attempts()) {
                ClaimTable.retry(transaction, execution.claim(), error, times.retryAfter(failures));
            } else {
                job.giveUp(transaction, execution);
                ClaimTable.failed(transaction, execution.claim(), error);
            }
            return new Progress(0, 0);
        });
    }

    /** An attempt that ends its process, or never ends, cannot say that it failed: the claims do. */
    private void giveUp(Job job, Execution execution, long fruitless) {
        String error = "taken up " + (fruitless - 1) + " times without getting further, and no attempt could say why:"
                + " look into the logs of the nodes that took it up";
        LOG.warn("execution {} of {} failed: {}", execution.id(), job.name(), error);
        record(execution, transaction -> {
            job.giveUp(transaction, execution);
            ClaimTable.failed(transaction, execution.claim(), error);
            return new Progress(0, 0);
        });
    }

    private void record(Execution execution, Execution.Chunk outcome) {
        try {
            execution.inTransaction(outcome);
        } catch (Fenced e) {
            LOG.info("{}", e.getMessage());
        } catch (InterruptedException e) {
            release(execution);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("cannot record why execution {} failed: its lease will end", execution.id(), e);
        }
    }

    private void release(Execution execution) {
        // An interrupt has done its work; kept, it would cut the connection as well.
        Thread.interrupted();
        try (Connection connection = database.getConnection()) {
            ClaimTable.release(connection, execution.claim());
        } catch (SQLException e) {
            LOG.info("cannot give back execution {}, its lease will end: {}", execution.id(), e.getMessage());
        }
    }

    private static String abbreviated(String error) {
        return error.length() <= ERROR_CHARACTERS ? error : error.substring(0, ERROR_CHARACTERS);
    }

    /** Stops executions between two chunks and gives them back. */
    @Override
    public void close() {
        closed = true;
        bell.release();
        boolean interrupted = !joined(loop);
        List<Local> left = List.copyOf(local.values());
        left.forEach(one -> one.thread().interrupt());
        for (Local one : left) {
            interrupted |= !joined(one.thread());
        }
        try (Connection connection = database.getConnection()) {
            NodeTable.drained(connection, identity);
        } catch (SQLException e) {
            LOG.info("cannot sign off node {}: {}", identity.id(), e.getMessage());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean joined(Thread thread) {
        try {
            if (!thread.join(CLOSING)) {
                LOG.warn("{} did not end within {}", thread.getName(), CLOSING);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
