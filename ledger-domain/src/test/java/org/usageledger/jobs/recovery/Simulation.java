package org.usageledger.jobs.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.usageledger.jobs.recovery.SimulatedRows.Owner;

/** Nodes, their threads and a database, interleaved as the seed says. */
final class Simulation {
    private static final int NODES = 3;
    private static final int STEPS = 300;
    private static final int CONCURRENT_STARTS = 3;
    private static final int CALM_ROUNDS = 200;

    private final RandomGenerator random;
    private final Variant variant;
    private final SimulatedRows rows = new SimulatedRows();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Breach> breaches = new ArrayList<>();
    private final Figures figures = new Figures();
    private int names = NODES;

    /** What must never happen. */
    enum Breach {
        /** Claimed while a thread of the same process may still work on it. */
        TWICE_HERE,
        AFTER_THE_END,
        /** A count that must be zero is not. */
        ALARM,
        COUNTS,
        STUCK,
        LEAK
    }

    /** What a run exercised. */
    static final class Figures {
        long passes;
        long crashes;
        long failedListings;
        long claims;
        long ended;
        long inferred;
        long fenced;
        long doubts;

        void add(SimulatedNode node) {
            Tally tally = node.local.counts().tally();
            passes += node.pass.completed;
            failedListings += node.pass.report.alarms().listingFailures();
            claims +=
                    tally.of(Tally.Count.STARTED) + tally.of(Tally.Count.RECOVERED) + tally.of(Tally.Count.TAKEN_OVER);
            ended += tally.of(Tally.Count.OBSERVED_ENDED);
            inferred += tally.of(Tally.Count.INFERRED_DONE);
            fenced += tally.of(Tally.Count.FENCED);
            doubts += tally.of(Tally.Count.CREATE_IN_DOUBT);
        }

        void add(Figures other) {
            passes += other.passes;
            crashes += other.crashes;
            failedListings += other.failedListings;
            claims += other.claims;
            ended += other.ended;
            inferred += other.inferred;
            fenced += other.fenced;
            doubts += other.doubts;
        }

        @Override
        public String toString() {
            return List.of(passes, crashes, failedListings, claims, ended, inferred, fenced, doubts)
                    .toString();
        }
    }

    record Result(List<Breach> breaches, Figures figures) {}

    private Simulation(long seed, Variant variant) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.variant = variant;
        if (variant == Variant.BELIEVES_ITS_LISTING_WHEN_IT_CLAIMS) {
            rows.believeListings();
        }
        for (int i = 0; i < NODES; i++) {
            nodes.add(new SimulatedNode(new Owner("n" + i, 1), variant, rows));
        }
        UUID foreign = newId();
        rows.insert(foreign, new Owner("elsewhere", 1));
        row(foreign).generation = SimulatedRows.GENERATION + 1;
    }

    static Result run(long seed, Variant variant) {
        Simulation simulation = new Simulation(seed, variant);
        for (int i = 0; i < STEPS && simulation.breaches.isEmpty(); i++) {
            simulation.step();
        }
        if (simulation.breaches.isEmpty()) {
            simulation.calm();
        }
        simulation.nodes.forEach(simulation.figures::add);
        return new Result(simulation.breaches, simulation.figures);
    }

    private SimulatedRows.Row row(UUID execution) {
        SimulatedRows.Row row = rows.rows.get(execution);
        if (row == null) {
            throw new IllegalStateException("no row " + execution);
        }
        return row;
    }

    private UUID newId() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private void step() {
        SimulatedNode node = nodes.get(random.nextInt(NODES));
        switch (random.nextInt(20)) {
            case 0, 1 -> {
                if (node.starters.size() < CONCURRENT_STARTS) {
                    node.start(newId());
                }
            }
            case 2, 3, 4 -> {
                if (!node.starters.isEmpty()) {
                    node.step(node.starters.get(random.nextInt(node.starters.size())), random);
                }
            }
            case 5, 6, 7 -> {
                if (!node.executors.isEmpty()) {
                    node.step(node.executors.get(random.nextInt(node.executors.size())), random);
                }
            }
            case 8 -> node.renew();
            case 9 -> rows.resolveDoubt(random);
            case 10, 11 -> rows.happen(random);
            case 12 -> rarely(node);
            default -> node.pass.step(random, true, breaches);
        }
    }

    private void rarely(SimulatedNode node) {
        if (random.nextInt(8) != 0) {
            return;
        }
        figures.crashes++;
        figures.add(node);
        node.die(random);
        Owner next = new Owner(node.owner.node(), node.owner.incarnation() + 1);
        if (random.nextInt(4) == 0) {
            rows.expunged.add(node.owner.node());
            next = new Owner("n" + names++, 1);
        }
        nodes.set(nodes.indexOf(node), new SimulatedNode(next, variant, rows));
    }

    /** Nothing new comes and nothing breaks any more: everything must end, and nothing be left of it. */
    private void calm() {
        for (int i = 0; i < CALM_ROUNDS && (stuck() || leaking()); i++) {
            rows.calm(random);
            for (SimulatedNode node : nodes) {
                List.copyOf(node.starters).forEach(starter -> node.step(starter, random));
                List.copyOf(node.executors).forEach(executor -> node.step(executor, random));
                do {
                    node.pass.step(random, false, breaches);
                } while (!node.pass.idle());
            }
        }
        if (stuck()) {
            breaches.add(Breach.STUCK);
        }
        if (leaking()) {
            breaches.add(Breach.LEAK);
        }
    }

    private boolean stuck() {
        return rows.rows.values().stream()
                .anyMatch(
                        row -> row.generation == SimulatedRows.GENERATION && row.state != SimulatedRows.State.FINISHED);
    }

    private boolean leaking() {
        return nodes.stream().anyMatch(node -> !node.local.snapshot().entries().isEmpty());
    }
}
