package org.usageledger.jobs;

import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.usageledger.jobs.recovery.Key;
import org.usageledger.jobs.recovery.LocalExecutions;
import org.usageledger.postgres.testing.Await;
import org.usageledger.tasks.Result;

/**
 * A node that does everything a node does, but by itself nothing: it looks for work when it is told to. It can stop to exist in the middle
 * of it. Its leases end as soon as they begin, so that who comes after it need not wait.
 */
final class SteppedNode implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** More attempts than there are faults in a sweep: giving up is another test's matter. */
    private static final JobTimes AT_ONCE =
            new JobTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 10_000, 10_000);

    private final MortalLine line;
    private final LocalExecutions local = new LocalExecutions();
    private final Executor executor;
    private final RecoveryPass pass;

    /** How a node ends: whatever it was about to say, nobody hears it. */
    static final class Gone extends Error {
        private static final long serialVersionUID = 1L;

        Gone(FaultPoints.Point point) {
            super("this process ended " + point, null, false, false);
        }
    }

    /** Registers a node of this name, as another incarnation if there was one before. */
    SteppedNode(DataSource database, String name, Job job, FaultPoints faults) {
        line = new MortalLine(database);
        Workplace workplace = Workplace.of(line.dataSource(), AT_ONCE, faults);
        executor = new Executor(
                workplace,
                Map.of(job.name(), job),
                () -> {},
                (claim, _) -> local.ended(new Key(claim.execution(), claim.epoch())));
        Heartbeat life = new Heartbeat(line.dataSource(), name, AT_ONCE, new Silent());
        pass = new RecoveryPass(
                workplace, life, executor, local, Map.of(job.name(), job).keySet());
    }

    /** One that ends for ever when it comes to its so-many-th point, counted from 0. */
    static SteppedNode endingAt(int moment, DataSource database, String name, Job job) {
        AtomicInteger passed = new AtomicInteger();
        SteppedNode[] node = new SteppedNode[1];
        FaultPoints faults = (point, _, _, _) -> {
            if (passed.getAndIncrement() == moment) {
                node[0].line.die();
                throw new Gone(point);
            }
        };
        node[0] = new SteppedNode(database, name, job, faults);
        return node[0];
    }

    /** Looks for work once, and returns when what it found is settled, or this node is gone. */
    Result work() {
        Result result = pass.activate();
        Await.untilTrue(
                PATIENCE,
                () -> "carries out " + executor.held(),
                () -> executor.held().isEmpty());
        return result;
    }

    boolean isGone() {
        return line.isDead();
    }

    @Override
    public void close() {
        line.die();
    }

    /** Nobody beats here. */
    private static final class Silent implements Heartbeat.Beats {
        @Override
        public void heard(Connection connection, NodeIdentity node) {}

        @Override
        public boolean handsOver() {
            return true;
        }

        @Override
        public void notYet() {}

        @Override
        public void stopped() {}
    }
}
