package org.usageledger.jobs.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.usageledger.jobs.recovery.SimulatedRows.Owner;

/** One life of a node: the threads that start and end executions, each taking one step at a time. */
final class SimulatedNode {
    static final int UNSEEN_LISTINGS = 5;

    final Owner owner;
    final Variant variant;
    final SimulatedRows rows;
    final LocalExecutions local = new LocalExecutions(UNSEEN_LISTINGS);
    final List<Starter> starters = new ArrayList<>();
    final List<Executor> executors = new ArrayList<>();
    final SimulatedPass pass;

    enum Start {
        SAID,
        COMMITTED,
        ACKNOWLEDGED,
        REFUSED,
        LOST
    }

    /** A thread that inserts a row. */
    static final class Starter {
        final UUID execution;
        Start at = Start.SAID;

        Starter(UUID execution) {
            this.execution = execution;
        }
    }

    /** A thread that carries an execution out. */
    static final class Executor {
        final Key key;
        boolean cancelled;
        boolean over;

        Executor(Key key) {
            this.key = key;
        }
    }

    SimulatedNode(Owner owner, Variant variant, SimulatedRows rows) {
        this.owner = owner;
        this.variant = variant;
        this.rows = rows;
        this.pass = new SimulatedPass(this);
    }

    Self self() {
        return new Self(owner.node(), owner.incarnation(), SimulatedRows.GENERATION);
    }

    /** Whether a thread here carries it out, or will as soon as it gets to. */
    boolean worksOn(UUID execution) {
        return executors.stream().anyMatch(executor -> executor.key.execution().equals(execution))
                || starters.stream()
                        .anyMatch(starter -> starter.execution.equals(execution)
                                && starter.at != Start.REFUSED
                                && starter.at != Start.LOST);
    }

    void start(UUID execution) {
        if (variant == Variant.SAYS_STARTING_AFTER_THE_ROW || local.starting(execution)) {
            starters.add(new Starter(execution));
        }
    }

    void step(Starter starter, RandomGenerator random) {
        switch (starter.at) {
            case SAID -> insert(starter, random.nextInt(8));
            case COMMITTED -> {
                if (variant == Variant.SAYS_STARTING_AFTER_THE_ROW) {
                    local.starting(starter.execution);
                }
                local.created(starter.execution);
                starter.at = Start.ACKNOWLEDGED;
            }
            case ACKNOWLEDGED -> {
                starters.remove(starter);
                executors.add(new Executor(Key.first(starter.execution)));
            }
            case REFUSED -> {
                starters.remove(starter);
                local.createFailed(starter.execution);
            }
            case LOST -> {
                starters.remove(starter);
                local.createInDoubt(starter.execution);
            }
        }
    }

    private void insert(Starter starter, int luck) {
        switch (luck) {
            case 0 -> starter.at = Start.REFUSED;
            case 1 -> {
                rows.insertInDoubt(starter.execution, owner);
                starter.at = Start.LOST;
            }
            default -> {
                rows.insert(starter.execution, owner);
                starter.at = Start.COMMITTED;
            }
        }
    }

    void step(Executor executor, RandomGenerator random) {
        if (executor.over) {
            executors.remove(executor);
            // A thread may die without a word only where its row says that it is over.
            if (!rows.isFinished(executor.key.execution()) || random.nextInt(8) != 0) {
                local.ended(executor.key);
            }
        } else if (executor.cancelled || !rows.holds(executor.key)) {
            executor.over = true;
        } else {
            work(executor, random.nextInt(10));
        }
    }

    private void work(Executor executor, int luck) {
        switch (luck) {
            case 0, 1, 2 -> {
                rows.finish(executor.key);
                executor.over = true;
            }
            case 3 -> {
                rows.giveBack(executor.key, true);
                executor.over = true;
            }
            case 4 -> {
                rows.giveBack(executor.key, false);
                executor.over = true;
            }
            // The database cannot be reached: the row stays as it is.
            case 5 -> executor.over = true;
            default -> rows.renew(executor.key);
        }
    }

    void renew() {
        executors.stream().filter(executor -> !executor.over).forEach(executor -> rows.renew(executor.key));
    }

    void cancel(Key key) {
        executors.stream().filter(executor -> executor.key.equals(key)).forEach(executor -> executor.cancelled = true);
    }

    /** The process is killed; an insert under way may still be committed. */
    void die(RandomGenerator random) {
        for (Starter starter : starters) {
            if (starter.at == Start.SAID && random.nextBoolean()) {
                rows.insertInDoubt(starter.execution, owner);
            }
        }
    }
}
