package org.usageledger.jobs.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.usageledger.jobs.recovery.SimulatedNode.Executor;
import org.usageledger.jobs.recovery.Simulation.Breach;

/** A node's pass, one step at a time, so that anything may happen between two of them. */
final class SimulatedPass {
    private final SimulatedNode node;
    private final Variant.Rule rule;
    private final Deque<Verdict> toDo = new ArrayDeque<>();
    private final Map<UUID, Outcome> outcomes = new HashMap<>();
    private Stage stage = Stage.IDLE;
    private long mark;
    private @Nullable List<Listed> listed;
    private LocalExecutions.Snapshot rest = new LocalExecutions.Snapshot(List.of());
    private @Nullable Plan plan;
    RecoveryReport report = RecoveryReport.neverRun();
    int completed;

    private enum Stage {
        IDLE,
        LIST,
        DRAIN,
        PLAN,
        EXECUTE
    }

    SimulatedPass(SimulatedNode node) {
        this.node = node;
        this.rule = node.variant.rule();
    }

    boolean idle() {
        return stage == Stage.IDLE;
    }

    /**
     * Goes one step on.
     *
     * @param trouble whether listings, claims and the pass itself may fail
     */
    void step(RandomGenerator random, boolean trouble, List<Breach> breaches) {
        boolean drainsFirst = node.variant == Variant.DRAINS_BEFORE_IT_LISTS;
        switch (stage) {
            case IDLE -> {
                mark = node.local.mark();
                stage = drainsFirst ? Stage.DRAIN : Stage.LIST;
            }
            case LIST -> {
                listed = trouble && random.nextInt(10) == 0 ? null : list();
                stage = drainsFirst ? Stage.PLAN : Stage.DRAIN;
            }
            case DRAIN -> {
                rest = node.local.drain();
                stage = drainsFirst ? Stage.LIST : Stage.PLAN;
            }
            case PLAN -> plan(breaches);
            case EXECUTE -> execute(random, trouble, breaches);
        }
    }

    private List<Listed> list() {
        boolean skips = node.variant == Variant.SKIPS_UNREADABLE_ROWS
                || node.variant == Variant.SKIPS_UNREADABLE_ROWS_AND_INFERS;
        return node.rows.active().stream()
                .filter(row -> !skips || !(row instanceof Listed.Unreadable))
                .toList();
    }

    private void plan(List<Breach> breaches) {
        if (listed == null && node.variant == Variant.TAKES_A_FAILED_LISTING_FOR_AN_EMPTY_ONE) {
            listed = List.of();
        }
        if (listed == null) {
            report = report.listingFailed("cannot list", node.local.counts());
            stage = Stage.IDLE;
            check(breaches);
            return;
        }
        rule.nextPass();
        Plan next = RecoveryPlanner.plan(rest, new Listing(listed, mark), node.self(), rule);
        if (!next.addsUp()) {
            breaches.add(Breach.COUNTS);
        }
        plan = next;
        outcomes.clear();
        toDo.clear();
        toDo.addAll(next.verdicts());
        stage = Stage.EXECUTE;
    }

    private void execute(RandomGenerator random, boolean trouble, List<Breach> breaches) {
        if (trouble && random.nextInt(40) == 0) {
            report = report.passFailed("cannot go on", node.local.counts());
            stage = Stage.IDLE;
            return;
        }
        while (!toDo.isEmpty()) {
            Verdict verdict = toDo.removeFirst();
            switch (verdict) {
                case Verdict.Claim claim -> {
                    claim(claim, trouble ? random.nextInt(16) : Integer.MAX_VALUE, breaches);
                    return;
                }
                case Verdict.MaybeDone maybe -> {
                    outcomes.put(maybe.execution(), lookUp(maybe.execution()));
                    return;
                }
                case Verdict.Fenced fenced -> node.cancel(fenced.local());
                default -> {}
            }
        }
        finish(breaches);
    }

    private void claim(Verdict.Claim claim, int luck, List<Breach> breaches) {
        UUID execution = claim.execution();
        switch (luck) {
            case 0 -> {}
            case 1 -> outcomes.put(execution, failed(claim));
            case 2 -> {
                node.rows.claimInDoubt(claim, node.owner);
                node.local.claimInDoubt(claim);
                outcomes.put(execution, failed(claim));
            }
            default -> {
                boolean finished = node.rows.isFinished(execution);
                if (!node.rows.claim(claim, node.owner)) {
                    outcomes.put(execution, new Outcome.Elsewhere());
                    return;
                }
                if (finished) {
                    breaches.add(Breach.AFTER_THE_END);
                }
                if (node.worksOn(execution)) {
                    breaches.add(Breach.TWICE_HERE);
                }
                enter(claim);
            }
        }
    }

    private void enter(Verdict.Claim claim) {
        if (node.variant != Variant.SAYS_NOTHING_OF_ITS_CLAIMS) {
            node.local.claimed(claim);
        }
        outcomes.put(claim.execution(), new Outcome.Claimed());
        node.executors.add(new Executor(claim.claimed()));
    }

    private static Outcome failed(Verdict.Claim claim) {
        return new Outcome.Failed(new Failure(
                Instant.EPOCH, claim.execution(), claim.job(), claim.epoch(), true, 1, Optional.empty(), "cannot"));
    }

    private Outcome lookUp(UUID execution) {
        SimulatedRows.Row row = node.rows.rows.get(execution);
        if (row == null) {
            return new Outcome.FoundNothing();
        }
        if (row.unreadable) {
            return new Outcome.Unanswered();
        }
        return row.state == SimulatedRows.State.FINISHED ? new Outcome.FoundEnded() : new Outcome.FoundActive();
    }

    private void finish(List<Breach> breaches) {
        Plan done = plan;
        if (done == null) {
            throw new IllegalStateException("nothing was planned");
        }
        node.local.after(done, outcomes);
        if (node.variant == Variant.FORGETS_WHAT_IS_FENCED) {
            List<Key> fenced = done.fenced().stream().map(Verdict.Fenced::local).toList();
            node.local.after(new Plan(List.of(), 0, fenced, List.of()), Map.of());
        }
        report = report.completed(
                new Pass(done, outcomes, Instant.EPOCH, Duration.ZERO, Duration.ZERO), node.local.counts());
        if (!(report.lastPass() instanceof LastPass.Completed last && last.addsUp())) {
            breaches.add(Breach.COUNTS);
        }
        completed++;
        stage = Stage.IDLE;
        check(breaches);
    }

    private void check(List<Breach> breaches) {
        Tally tally = node.local.counts().tally();
        RecoveryReport.Alarms alarms = report.alarms();
        long lost = tally.of(Tally.Count.CLAIMED_WITHOUT_LOCAL) - tally.of(Tally.Count.DOUBT_DROPPED);
        if (alarms.missing() + alarms.listingBug() > 0 || lost > 0) {
            breaches.add(Breach.ALARM);
        }
        if (!node.local.counts().addsUp()) {
            breaches.add(Breach.COUNTS);
        }
    }
}
