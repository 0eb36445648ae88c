package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.jobs.ClaimTable.Claimed;
import org.usageledger.jobs.recovery.Failure;
import org.usageledger.jobs.recovery.Handover;
import org.usageledger.jobs.recovery.Key;
import org.usageledger.jobs.recovery.LocalCounts;
import org.usageledger.jobs.recovery.LocalExecutions;
import org.usageledger.jobs.recovery.RecoveryReport;
import org.usageledger.tasks.Activator;
import org.usageledger.tasks.BackgroundDriver;
import org.usageledger.tasks.NodeLife;
import org.usageledger.tasks.TaskChannel;
import org.usageledger.tasks.Wiring;

/**
 * Carries executions out on this node: begins what is started here, takes up what waits and what a node that is not heard of has left,
 * renews its leases, and gives back what it has when it closes or is asked to.
 */
public final class JobNode implements AutoCloseable {
    /** The background task that takes executions up. */
    public static final String RECOVERY = RecoveryPass.NAME;

    private static final Logger LOG = LoggerFactory.getLogger(JobNode.class);

    private final Workplace workplace;
    private final Heartbeat life;
    private final Executor executor;
    private final LocalExecutions local = new LocalExecutions();
    private final RecoveryPass pass;
    private final Activator activator = new Activator();
    private final AtomicReference<@Nullable BackgroundDriver> driver = new AtomicReference<>();

    /** Why this node carries nothing out any more although it was not closed, and since when. */
    public record Stopped(Instant since, String reason, boolean drained) {}

    /** Since when, and why, somebody else should be asked. */
    public record Leaving(Instant since, String reason) {}

    /**
     * Registers the node; it begins to work with {@link #start()}.
     *
     * @param node its name, the same again when it is started again
     * @param observer told once if it finds that it must not work any more, and of what it carries out
     */
    public JobNode(DataSource database, String node, List<Job> jobs, JobTimes times, JobObserver observer) {
        this(Workplace.of(database, times, FaultPoints.NONE), node, jobs, observer);
    }

    JobNode(Workplace workplace, String node, List<Job> jobs, JobObserver observer) {
        this.workplace = workplace;
        Map<String, Job> known = jobs.stream().collect(Collectors.toUnmodifiableMap(Job::name, Function.identity()));
        executor = new Executor(workplace, known, observer, this::ended);
        life = new Heartbeat(workplace.database(), node, workplace.times(), new Beats(observer));
        pass = new RecoveryPass(workplace, life, executor, local, known.keySet());
    }

    /** Begins to work, hearing of other nodes' announcements only by looking. */
    public JobNode start() {
        Wiring recovery = Wiring.of(pass, activator);
        return start(
                new BackgroundDriver(workplace.database(), workplace.database(), this::nodeLife), List.of(recovery));
    }

    /**
     * Begins to work.
     *
     * @param listening opens the connection on which it hears of other nodes' announcements; no pool
     * @param more tasks that this node carries out in the background beside its own
     * @throws IllegalStateException if it was started before
     */
    public JobNode start(DataSource listening, List<Wiring> more) {
        List<Wiring> all = new ArrayList<>(more);
        all.add(Wiring.of(pass, activator).listening());
        return start(new BackgroundDriver(workplace.database(), listening, this::nodeLife), all);
    }

    private NodeLife nodeLife() {
        NodeIdentity now = identity();
        return new NodeLife(now.id(), now.incarnation());
    }

    private JobNode start(BackgroundDriver made, List<Wiring> tasks) {
        tasks.forEach(made::add);
        if (!driver.compareAndSet(null, made)) {
            throw new IllegalStateException("this node was started before");
        }
        life.start();
        made.start();
        return this;
    }

    /** What is done in the background on this node; empty before it is started. */
    public Optional<BackgroundDriver> tasks() {
        return Optional.ofNullable(driver.get());
    }

    /** Who it is to the database now. */
    public NodeIdentity identity() {
        return life.identity();
    }

    /** Why it carries nothing out any more, if it has stopped by itself or was asked to. */
    public Optional<Stopped> stopped() {
        return life.stopped().map(why -> new Stopped(why.since(), why.reason(), why.drained()));
    }

    /** Why no new work should be sent here although it is done if it comes: it hands over, has, or is not the node of its name any more. */
    public Optional<Leaving> leaving() {
        return stopped()
                .map(why -> new Leaving(why.since(), why.reason()))
                .or(() -> life.handsOverSince()
                        .map(since -> new Leaving(since, "it was asked to hand over what it does")));
    }

    /** What was recovered and what failed since this process started. */
    public RecoveryReport report() {
        return pass.report();
    }

    /** What this process believes to carry out. */
    public LocalCounts local() {
        return local.counts();
    }

    /** Looks for work now. */
    public void wake() {
        life.wake();
        activator.activate();
    }

    private void ended(Claim claim, Optional<Executor.Failure> failure) {
        local.ended(new Key(claim.execution(), claim.epoch()));
        if (failure.filter(what -> what.then() == Executor.Then.ABANDONED).isPresent()) {
            pass.abandoned();
        }
        failure.ifPresent(what -> pass.attemptFailed(new Failure(
                Instant.now(),
                claim.execution(),
                what.job(),
                claim.epoch(),
                what.then() == Executor.Then.AGAIN,
                what.attempt(),
                what.nextAttemptAt(),
                what.message())));
        activator.activate();
    }

    /** Begins here what there is room for; otherwise whoever has room takes it up. */
    Jobs.Starter starter() {
        return (connection, id, wish) -> {
            if (life.works() && executor.reserve()) {
                if (local.starting(id)) {
                    return begun(connection, id, wish);
                }
                executor.unreserve();
            }
            return waiting(connection, id, wish);
        };
    }

    private static boolean waiting(Connection connection, UUID id, ExecutionTable.Wish wish) throws SQLException {
        boolean inserted = ExecutionTable.insert(connection, id, wish);
        if (inserted) {
            TaskChannel.announce(connection);
        }
        return inserted;
    }

    private boolean begun(Connection connection, UUID id, ExecutionTable.Wish wish) throws SQLException {
        NodeIdentity node = life.identity();
        boolean inserted;
        try {
            inserted = ExecutionTable.insertClaimed(
                    connection, id, wish, node, workplace.times().lease());
        } catch (SQLException | RuntimeException | Error e) {
            // Nobody knows whether it was committed: if it was, a pass finds it and carries it out.
            local.createInDoubt(id);
            executor.unreserve();
            throw e;
        }
        if (!inserted) {
            local.createFailed(id);
            executor.unreserve();
            return waiting(connection, id, wish);
        }
        local.created(id);
        try {
            executor.begin(Claimed.first(new Claim(id, node, Key.FIRST_EPOCH), wish));
        } catch (RuntimeException | Error e) {
            // It is on record, and found as left behind.
            LOG.error("cannot begin execution {}", id, e);
            executor.unreserve();
            local.ended(new Key(id, Key.FIRST_EPOCH));
            activator.activate();
        }
        return true;
    }

    /** What the heartbeat carries. */
    private final class Beats implements Heartbeat.Beats {
        private final JobObserver observer;

        Beats(JobObserver observer) {
            this.observer = observer;
        }

        @Override
        public void heard(Connection connection, NodeIdentity node) throws SQLException {
            List<Claim> held = executor.held();
            if (!held.isEmpty()) {
                executor.stopAllBut(
                        held,
                        LeaseTable.renew(
                                connection, node, held, workplace.times().lease()));
            }
        }

        @Override
        public boolean handsOver() {
            executor.stopAll();
            Optional<Handover.Blocker> blocker = pass.handover().blocker();
            if (blocker.equals(Optional.of(Handover.Blocker.NOT_LOOKED))) {
                activator.activate();
            }
            return blocker.isEmpty();
        }

        @Override
        public void notYet() {
            activator.activate();
        }

        @Override
        public void stopped() {
            for (Claim claim : executor.held()) {
                executor.stop(claim);
            }
            observer.stopped();
        }
    }

    private void closeExecutor() {
        try {
            executor.close();
        } catch (InterruptedException e) {
            LOG.info("interrupted while executions are handed over");
            Thread.currentThread().interrupt();
        }
    }

    /** Stops executions between two chunks and gives them back. */
    @Override
    public void close() {
        tasks().ifPresent(BackgroundDriver::close);
        closeExecutor();
        life.close();
        life.signOff();
    }
}
