package org.usageledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.jobs.ClaimTable.Claimed;
import org.usageledger.jobs.recovery.Failure;
import org.usageledger.jobs.recovery.Handover;
import org.usageledger.jobs.recovery.Key;
import org.usageledger.jobs.recovery.Listing;
import org.usageledger.jobs.recovery.LocalExecutions;
import org.usageledger.jobs.recovery.Outcome;
import org.usageledger.jobs.recovery.Pass;
import org.usageledger.jobs.recovery.Plan;
import org.usageledger.jobs.recovery.RecoveryPlanner;
import org.usageledger.jobs.recovery.RecoveryReport;
import org.usageledger.jobs.recovery.Self;
import org.usageledger.jobs.recovery.Verdict;
import org.usageledger.tasks.BackgroundTask;
import org.usageledger.tasks.Result;

/**
 * Takes up what waits and what was left behind. It looks at all executions that are not at their end, compares them with what this process
 * knows, and claims what is to be carried out here; it may run at any time and however often, also while executions are started and end.
 */
final class RecoveryPass implements BackgroundTask {
    /** As operators know it. */
    static final String NAME = "job_recovery";

    private static final Logger LOG = LoggerFactory.getLogger(RecoveryPass.class);

    private final DataSource database;
    private final Heartbeat life;
    private final Executor executor;
    private final LocalExecutions local;
    private final Set<String> jobs;
    private final JobTimes times;
    private final Object reporting = new Object();
    private RecoveryReport report = RecoveryReport.neverRun();
    private volatile boolean passing;
    private volatile long looked = Handover.NEVER;

    RecoveryPass(Workplace workplace, Heartbeat life, Executor executor, LocalExecutions local, Set<String> jobs) {
        this.database = workplace.database();
        this.times = workplace.times();
        this.life = life;
        this.executor = executor;
        this.local = local;
        this.jobs = Set.copyOf(jobs);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Takes up executions that wait, that this node left behind when it ended, or that other nodes lost.";
    }

    @Override
    public Duration period() {
        return times.look();
    }

    /** What it did since this process started. */
    RecoveryReport report() {
        synchronized (reporting) {
            return report;
        }
    }

    private void report(Function<RecoveryReport, RecoveryReport> next) {
        synchronized (reporting) {
            report = next.apply(report);
        }
    }

    /** How far this node has come if it is to hand over. */
    Handover handover() {
        return local.handover(passing, looked);
    }

    /** An attempt failed in its thread. */
    void attemptFailed(Failure failure) {
        report(before -> before.attemptFailed(failure));
    }

    /** An execution was given up for good in its thread. */
    void abandoned() {
        report(RecoveryReport::abandoned);
    }

    @Override
    public Result activate() {
        if (!life.works()) {
            local.drain();
            return Result.success("this node takes nothing up any more", details());
        }
        passing = true;
        try {
            return pass(local.mark());
        } catch (SQLException | RuntimeException e) {
            // Returned, since what was counted so far would not be told with what is thrown. Whoever activates it warns
            // of it, once.
            LOG.debug("a pass failed", e);
            return Result.failure(e.toString(), details());
        } finally {
            passing = false;
        }
    }

    private Result pass(long mark) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Instant began = Instant.now();
            Listing listing = listing(connection, mark);
            LocalExecutions.Snapshot rest = local.drain();
            Instant listed = Instant.now();
            try {
                return carriedOut(connection, listing, rest, new Times(began, listed));
            } catch (SQLException | RuntimeException e) {
                report(before -> before.passFailed(e.toString(), local.counts()));
                throw e;
            }
        }
    }

    private record Times(Instant began, Instant listed) {}

    /** A listing that fails changes nothing; what was said is heard all the same, so that no more waits than has to. */
    private Listing listing(Connection connection, long mark) throws SQLException {
        try {
            return new Listing(ActiveTable.list(connection, jobs), mark);
        } catch (SQLException | RuntimeException e) {
            local.drain();
            report(before -> before.listingFailed(e.toString(), local.counts()));
            throw e;
        }
    }

    private Result carriedOut(Connection connection, Listing listing, LocalExecutions.Snapshot rest, Times clock)
            throws SQLException {
        NodeIdentity node = life.identity();
        Plan plan = RecoveryPlanner.plan(
                rest, listing, new Self(node.id(), node.incarnation(), ExecutionTable.CODE_GENERATION));
        plan.fenced().forEach(fenced -> stop(node, fenced.local()));
        Map<UUID, Outcome> outcomes = new HashMap<>();
        boolean handsOver = executor.isStopped();
        if (handsOver) {
            HandingOver.giveBack(connection, node, plan.claims(), outcomes);
        } else {
            claim(connection, node, plan.claims(), outcomes);
        }
        lookUp(connection, plan.maybeDone(), outcomes);
        local.after(plan, outcomes);
        if (handsOver && outcomes.values().stream().noneMatch(Outcome.Failed.class::isInstance)) {
            looked = listing.beganAt();
        }
        Pass pass = new Pass(
                plan,
                outcomes,
                clock.listed(),
                Duration.between(clock.began(), clock.listed()),
                Duration.between(clock.listed(), Instant.now()));
        report(before -> before.completed(pass, local.counts()));
        return result(connection, node, pass);
    }

    private Result result(Connection connection, NodeIdentity node, Pass pass) throws SQLException {
        boolean failed = pass.outcomes().values().stream().anyMatch(Outcome.Failed.class::isInstance);
        String summary = "found " + pass.plan().found() + ", claimed "
                + pass.outcomes().values().stream()
                        .filter(Outcome.Claimed.class::isInstance)
                        .count()
                + (executor.isStopped() ? "; this node hands over what it does" : "");
        Result result =
                failed ? Result.failure(summary + "; claims failed", details()) : Result.success(summary, details());
        return ActiveTable.next(connection, node)
                .filter(soon -> soon.compareTo(period()) < 0)
                .map(soon -> result.again(soon.compareTo(times.period()) < 0 ? times.period() : soon))
                .orElse(result);
    }

    private Map<String, Object> details() {
        return report().details();
    }

    private void stop(NodeIdentity node, Key key) {
        executor.stop(new Claim(key.execution(), node, key.epoch()));
    }

    private void claim(
            Connection connection, NodeIdentity node, List<Verdict.Claim> wanted, Map<UUID, Outcome> outcomes) {
        List<Verdict.Claim> placed = new ArrayList<>();
        for (Verdict.Claim claim : wanted) {
            if (executor.reserve()) {
                placed.add(claim);
            } else {
                outcomes.put(claim.execution(), new Outcome.Deferred());
            }
        }
        if (placed.isEmpty()) {
            return;
        }
        Map<UUID, Verdict.Claim> open =
                placed.stream().collect(Collectors.toMap(Verdict.Claim::execution, Function.identity()));
        try {
            for (Claimed one : ClaimTable.claim(connection, node, wanted(placed), times.lease())) {
                Verdict.Claim claim =
                        Objects.requireNonNull(open.remove(one.claim().execution()));
                local.claimed(claim);
                outcomes.put(claim.execution(), new Outcome.Claimed());
                begin(claim, one);
            }
            open.keySet().forEach(id -> notClaimed(id, new Outcome.Elsewhere(), outcomes));
        } catch (SQLException e) {
            // Whether it was committed is not known: what was, is found by the next listing, and claimed anew.
            LOG.warn("cannot claim executions: {}", e.getMessage());
            open.values().forEach(local::claimInDoubt);
            open.values()
                    .forEach(claim ->
                            notClaimed(claim.execution(), failed(claim, "claiming it: " + e.getMessage()), outcomes));
        }
    }

    /** One that cannot even begin stops no other; it is found as left behind. */
    private void begin(Verdict.Claim claim, Claimed claimed) {
        try {
            executor.begin(claimed);
        } catch (RuntimeException | Error e) {
            LOG.error("cannot begin execution {}", claim.execution(), e);
            executor.unreserve();
            local.ended(new Key(claim.execution(), claimed.claim().epoch()));
        }
    }

    private static List<ClaimTable.Wanted> wanted(List<Verdict.Claim> claims) {
        return claims.stream()
                .map(claim -> new ClaimTable.Wanted(
                        claim.execution(), claim.epoch(), claim.reason().label()))
                .toList();
    }

    private void notClaimed(UUID id, Outcome outcome, Map<UUID, Outcome> outcomes) {
        executor.unreserve();
        outcomes.put(id, outcome);
    }

    static Outcome failed(Verdict.Claim claim, String why) {
        return new Outcome.Failed(new Failure(
                Instant.now(), claim.execution(), claim.job(), claim.epoch(), true, 1, Optional.empty(), why));
    }

    private static void lookUp(Connection connection, List<Verdict.MaybeDone> maybe, Map<UUID, Outcome> outcomes) {
        if (maybe.isEmpty()) {
            return;
        }
        try {
            ActiveTable.LookUp found = ActiveTable.look(
                    connection, maybe.stream().map(Verdict.MaybeDone::execution).toList());
            for (Verdict.MaybeDone one : maybe) {
                outcomes.put(one.execution(), answer(found, one.execution()));
            }
        } catch (SQLException e) {
            LOG.warn("cannot look executions up: {}", e.getMessage());
        }
    }

    private static Outcome answer(ActiveTable.LookUp found, UUID id) {
        if (found.active().contains(id)) {
            LOG.error("execution {} is active and was not listed", id);
            return new Outcome.FoundActive();
        }
        if (found.ended().contains(id)) {
            return new Outcome.FoundEnded();
        }
        LOG.error("execution {} was put on record and is not there", id);
        return new Outcome.FoundNothing();
    }
}
