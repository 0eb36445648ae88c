package org.usageledger.tasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Activates the background tasks of one node: each on a thread of its own, one activation at a time; first at start, then once a period,
 * and when something wakes it. What wakes it while it runs becomes one activation more. A task that fails is activated again all the same.
 */
public final class BackgroundDriver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundDriver.class);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /** An interrupt would cut the connection that an activation works on: most end by themselves in less. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** For all tasks together: what does not end by then ends with the process. */
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final StatusWriter reports;
    private final Ticker ticker;
    private final Listener listener;
    private final Map<String, Wiring> wirings = new LinkedHashMap<>();
    private final SortedMap<String, TaskLoop> loops = new ConcurrentSkipListMap<>();
    private boolean started;

    /**
     * Activates nothing before it is started.
     *
     * @param database for the statuses; may be a pool
     * @param listening opens a connection that stays open for as long as this runs, if a task listens; no pool, nor behind one that gives
     *     a connection to somebody else between two transactions
     * @param life of the node, as it is registered; asked for anew at every report
     */
    public BackgroundDriver(DataSource database, DataSource listening, Supplier<NodeLife> life) {
        this(database, listening, life, Ticker.SYSTEM);
    }

    BackgroundDriver(DataSource database, DataSource listening, Supplier<NodeLife> life, Ticker ticker) {
        this.reports = new StatusWriter(database, life);
        this.ticker = ticker;
        this.listener = new Listener(listening, this::heard);
    }

    /**
     * Takes a task, before the start.
     *
     * @throws IllegalStateException if its activator has a task already, or this was started
     * @throws IllegalArgumentException if there is a task of this name, or name or period are none
     */
    public synchronized void add(Wiring wiring) {
        BackgroundTask task = wiring.task();
        if (started) {
            throw new IllegalStateException("started already, too late for " + task.name());
        }
        if (!NAME.matcher(task.name()).matches() || wirings.containsKey(task.name())) {
            throw new IllegalArgumentException("no name for a task, or taken: " + task.name());
        }
        if (!task.period().isPositive()) {
            throw new IllegalArgumentException("no period: " + task.period());
        }
        TaskLoop loop = new TaskLoop(task, ticker, reports);
        wiring.activator().wire(() -> loop.ask(Reason.SIGNAL));
        wiring.sources().forEach(source -> source.wire(() -> loop.ask(Reason.DEPENDENCY)));
        wirings.put(task.name(), wiring);
        loops.put(task.name(), loop);
    }

    /**
     * Activates every task for the first time, and again from then on.
     *
     * @throws IllegalStateException if it was started before
     * @throws IllegalArgumentException if a task comes after one that is not there, or, by others or not, after itself: it would never rest
     */
    public synchronized void start() {
        if (started) {
            throw new IllegalStateException("started already");
        }
        refuseWhatNeverRests();
        started = true;
        wirings.forEach(
                (name, wiring) -> wiring.after().forEach(before -> loop(before).wake(loop(name))));
        loops.values().forEach(TaskLoop::start);
        if (wirings.values().stream().anyMatch(Wiring::listens)) {
            listener.start();
        }
    }

    /** Takes out, again and again, the tasks that come after none that is left. */
    private void refuseWhatNeverRests() {
        Map<String, Wiring> left = new LinkedHashMap<>(wirings);
        Set<String> known = wirings.keySet();
        for (Wiring wiring : wirings.values()) {
            if (!known.containsAll(wiring.after())) {
                throw new IllegalArgumentException(
                        wiring.task().name() + " comes after tasks that are not all there: " + wiring.after());
            }
        }
        while (left.values().removeIf(wiring -> wiring.after().stream().noneMatch(left::containsKey))) {
            LOG.trace("{} left to be put in order", left.size());
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("tasks come after each other in a circle: " + left.keySet());
        }
    }

    private TaskLoop loop(String name) {
        TaskLoop loop = loops.get(name);
        if (loop == null) {
            throw new IllegalArgumentException("no task " + name);
        }
        return loop;
    }

    private void heard() {
        wirings.forEach((name, wiring) -> {
            if (wiring.listens()) {
                loop(name).ask(Reason.NOTIFICATION);
            }
        });
    }

    /** Asks for an activation, as the task's activator does; false if there is no such task. */
    public boolean activate(String task) {
        TaskLoop loop = loops.get(task);
        if (loop != null) {
            loop.ask(Reason.SIGNAL);
        }
        return loop != null;
    }

    /** What each task does, by name. */
    public SortedMap<String, String> descriptions() {
        SortedMap<String, String> descriptions = new TreeMap<>();
        synchronized (this) {
            wirings.forEach(
                    (name, wiring) -> descriptions.put(name, wiring.task().description()));
        }
        return descriptions;
    }

    /** How each task is doing on this node, ordered by name. */
    public List<TaskStatus> status() {
        return loops.values().stream().map(TaskLoop::status).toList();
    }

    /** How one task is doing on this node, if there is such a task. */
    public Optional<TaskStatus> status(String task) {
        return Optional.ofNullable(loops.get(task)).map(TaskLoop::status);
    }

    /** What each task has done since the start, by name. */
    public SortedMap<String, Totals> totals() {
        SortedMap<String, Totals> totals = new TreeMap<>();
        loops.forEach((name, loop) -> totals.put(name, loop.totals()));
        return totals;
    }

    /** How long ago each task last ended an activation well, by name; since the start if it never did. */
    public SortedMap<String, Duration> sinceSuccess() {
        SortedMap<String, Duration> ages = new TreeMap<>();
        loops.forEach((name, loop) -> ages.put(name, loop.sinceSuccess()));
        return ages;
    }

    /** Whether what is announced is heard at this moment; false as well if no task listens. */
    public boolean isListening() {
        return listener.isListening();
    }

    /** Waits a second for the activations that are under way, interrupts them then, and waits for their ends, at most {@code 10 s} for all. */
    @Override
    public void close() {
        List<Thread> threads;
        synchronized (this) {
            started = true;
            listener.stop();
            loops.values().forEach(TaskLoop::stop);
            threads = Stream.concat(
                            Stream.of(listener.thread()),
                            loops.values().stream().map(TaskLoop::thread))
                    .filter(thread -> thread.getState() != Thread.State.NEW)
                    .toList();
        }
        try {
            if (!joined(threads, GRACE).isEmpty()) {
                loops.values().forEach(TaskLoop::interrupt);
            }
            List<String> left = joined(threads, CLOSING);
            if (!left.isEmpty()) {
                LOG.warn("did not end within {}: {}", CLOSING, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> joined(List<Thread> threads, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> left = new ArrayList<>();
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0)))) {
                left.add(thread.getName());
            }
        }
        return left;
    }
}
