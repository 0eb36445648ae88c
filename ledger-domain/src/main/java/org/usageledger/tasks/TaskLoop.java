package org.usageledger.tasks;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.tasks.TaskStatus.Completed;
import org.usageledger.tasks.TaskStatus.Idle;
import org.usageledger.tasks.TaskStatus.Running;

/** Activates one task, one activation after the other, on a thread of its own. */
final class TaskLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TaskLoop.class);

    private final BackgroundTask task;
    private final Duration period;
    private final int schema;
    private final Ticker ticker;
    private final StatusWriter reports;
    private final List<TaskLoop> dependents = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition bell = lock.newCondition();
    /** Why the next activation is wanted: however often it was asked for, it is one. */
    private final Set<Reason> asked = EnumSet.noneOf(Reason.class);

    private boolean activating;
    private boolean closed;
    private long due;
    private volatile Seen seen;
    private volatile long succeeded;

    private record Seen(TaskStatus status, Totals totals) {}

    TaskLoop(BackgroundTask task, Ticker ticker, StatusWriter reports) {
        this.task = task;
        this.period = task.period();
        this.schema = task.schema();
        this.ticker = ticker;
        this.reports = reports;
        seen = new Seen(TaskStatus.before(task.name(), period), Totals.NONE);
        thread = Thread.ofVirtual().name("ledger-task-" + task.name()).unstarted(this::run);
    }

    /** Has it activated whenever an activation of this one has ended. */
    void wake(TaskLoop dependent) {
        dependents.add(dependent);
    }

    TaskStatus status() {
        return seen.status();
    }

    Totals totals() {
        return seen.totals();
    }

    /** How long ago an activation ended well; since the start if none did. */
    Duration sinceSuccess() {
        return Duration.ofNanos(Math.max(ticker.nanos() - succeeded, 0));
    }

    Thread thread() {
        return thread;
    }

    void start() {
        due = ticker.nanos();
        succeeded = due;
        thread.start();
    }

    /** Has it activated once more: now, or after the activation that is under way. */
    void ask(Reason reason) {
        lock.lock();
        try {
            asked.add(reason);
            bell.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Optional<Reason> reason = next();
        while (reason.isPresent()) {
            activate(reason.get());
            reason = next();
        }
    }

    /** Waits for a reason to activate the task; none when it is closed. */
    private Optional<Reason> next() {
        lock.lock();
        try {
            while (!closed) {
                long left = due - ticker.nanos();
                if (left <= 0) {
                    asked.add(Reason.TIMER);
                }
                if (!asked.isEmpty()) {
                    return Optional.of(taken());
                }
                bell.awaitNanos(ticker.pause(left));
            }
        } catch (InterruptedException e) {
            // Not by closing, which rings the bell here: somebody held on to the thread of an activation.
            LOG.warn("task {} was interrupted while it waited, and is activated at once", task.name());
            return Optional.of(taken());
        } finally {
            lock.unlock();
        }
        return Optional.empty();
    }

    /** What was asked for becomes one activation. */
    private Reason taken() {
        Reason first = asked.stream().findFirst().orElse(Reason.TIMER);
        asked.clear();
        // From this beginning on: of periods that were missed one is made up for, and the others are not.
        due = ticker.nanos() + period.toNanos();
        return first;
    }

    private void activate(Reason reason) {
        Running running = new Running(ticker.now(), reason, seen.totals().activations() + 1);
        long began = ticker.nanos();
        seen = new Seen(
                new TaskStatus(task.name(), period, running, seen.status().last()),
                seen.totals().begun());
        reports.write(seen.status());
        Attempt attempt = attempt();
        Duration elapsed = Duration.ofNanos(ticker.nanos() - began).truncatedTo(ChronoUnit.MICROS);
        attempt.result().again().ifPresent(this::lookAgain);
        ended(running, attempt, elapsed);
        if (attempt.failure() instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
            LOG.error("task {} is not activated any more on this node", task.name());
            throw fatal;
        }
    }

    private Attempt attempt() {
        if (!begins()) {
            return Attempt.threw(new InterruptedException(), true);
        }
        try {
            return Attempt.returned(Objects.requireNonNull(task.activate(), "no result"));
        } catch (Exception | Error e) {
            return Attempt.threw(e, ends());
        } finally {
            ends();
        }
    }

    /** False if it was closed meanwhile. From here on closing may interrupt. */
    private boolean begins() {
        lock.lock();
        try {
            activating = !closed;
            return activating;
        } finally {
            lock.unlock();
        }
    }

    /** True if it was closed meanwhile. From here on nothing interrupts: an interrupt would cut the connection of the report. */
    private boolean ends() {
        lock.lock();
        try {
            activating = false;
            Thread.interrupted();
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void lookAgain(Duration soon) {
        lock.lock();
        try {
            long now = ticker.nanos();
            if (soon.compareTo(Duration.ofNanos(due - now)) < 0) {
                due = now + soon.toNanos();
            }
        } finally {
            lock.unlock();
        }
    }

    /** An activation that its node's stop cut off has none: what was told before is the last report of this process. */
    private Map<String, Object> details(Attempt attempt) {
        return attempt.outcome() == Outcome.STOPPED && seen.status().last() instanceof Completed before
                ? before.details()
                : attempt.result().details();
    }

    private void ended(Running running, Attempt attempt, Duration elapsed) {
        Optional<String> failedBefore =
                seen.status().last() instanceof Completed before && before.outcome() == Outcome.FAILED
                        ? Optional.of(before.summary())
                        : Optional.empty();
        attempt.log(task.name(), failedBefore);
        if (attempt.outcome() == Outcome.SUCCESS) {
            succeeded = ticker.nanos();
        }
        Completed completed = new Completed(
                running.iteration(),
                running.since(),
                running.reason(),
                elapsed,
                attempt.outcome(),
                attempt.result().summary(),
                schema,
                details(attempt));
        seen = new Seen(
                new TaskStatus(task.name(), period, new Idle(), completed),
                seen.totals().ended(attempt.outcome()));
        dependents.forEach(dependent -> dependent.ask(Reason.DEPENDENCY));
        reports.write(seen.status());
    }

    /** Lets no activation begin. */
    void stop() {
        lock.lock();
        try {
            closed = true;
            bell.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts an activation that is under way. */
    void interrupt() {
        lock.lock();
        try {
            if (activating) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
