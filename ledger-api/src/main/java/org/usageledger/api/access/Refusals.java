package org.usageledger.api.access;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts attempts that were turned away on record, aside: who is turned away never waits for the database, nor does anybody wait for that.
 * The first of an address is written at once, those that follow it within a minute together.
 */
final class Refusals implements AutoCloseable {
    /** Entries a minute and at once, for each of 401 and 403: they cost an attacker nothing and are kept for ever. */
    static final int BUDGET = 100;

    /** Addresses remembered at a time; what comes from one more is told to the log only. */
    static final int ADDRESSES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final AuditLog log;
    private final Duration together;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Alike, Tally> waiting = new HashMap<>();
    private final Map<Integer, Bucket> budgets = new HashMap<>();
    private boolean writing;
    private boolean closed;

    /** @param together how long attempts that are alike are counted as one entry */
    Refusals(AuditLog log, Duration together) {
        this.log = log;
        this.together = together;
    }

    /** One entry stands for all of them. */
    private record Alike(String caller, String address, int status) {}

    private static final class Tally {
        private final AuditAttempt first;
        private final int status;
        private final boolean isFirst;
        private long attempts;
        private long due = System.nanoTime();

        Tally(AuditAttempt first, int status, long attempts) {
            this.first = first;
            this.status = status;
            this.attempts = attempts;
            isFirst = attempts > 0;
        }
    }

    /** Takes note; never waits for the database. */
    void add(AuditAttempt attempt, int status) {
        Alike alike = new Alike(attempt.caller().key(), attempt.caller().address(), status);
        lock.lock();
        try {
            Tally known = waiting.get(alike);
            if (known != null) {
                known.attempts++;
            } else if (closed || waiting.size() >= ADDRESSES || !budget(status).tryConsume(1)) {
                LOG.warn(
                        "{} from {} was refused with {}, one of too many to audit",
                        attempt.route(),
                        attempt.caller().address(),
                        status);
            } else {
                waiting.put(alike, new Tally(attempt, status, 1));
                write();
            }
        } finally {
            lock.unlock();
        }
    }

    private Bucket budget(int status) {
        return budgets.computeIfAbsent(
                status,
                _ -> Bucket.builder()
                        .addLimit(bandwidth -> bandwidth.capacity(BUDGET).refillGreedy(BUDGET, Duration.ofMinutes(1)))
                        .build());
    }

    private void write() {
        if (!writing) {
            writing = true;
            Thread.ofVirtual().name("audit-refusals").start(this::writeAll);
        }
        changed.signalAll();
    }

    /** Ends when there is nothing left to write. */
    private void writeAll() {
        do {
            due().forEach(this::write);
        } while (!isDone());
    }

    private void write(Tally tally) {
        try {
            log.refused(tally.first, tally.status, tally.attempts);
        } catch (AuditFault e) {
            LOG.error(
                    "{} attempts at {} from {} were refused with {}, unaudited",
                    tally.attempts,
                    tally.first.route(),
                    tally.first.caller().address(),
                    tally.status,
                    e);
        }
    }

    /** What is to be written now, after waiting for it; empty at the end. */
    private List<Tally> due() {
        lock.lock();
        try {
            while (!waiting.isEmpty()) {
                List<Tally> due = taken(System.nanoTime());
                if (!due.isEmpty()) {
                    return due;
                }
                changed.awaitNanos(untilNext());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return List.of();
    }

    private long untilNext() {
        return waiting.values().stream()
                .mapToLong(tally -> tally.due - System.nanoTime())
                .min()
                .orElse(0);
    }

    /** Whether there is nothing left; whoever comes after that starts anew. */
    private boolean isDone() {
        lock.lock();
        try {
            writing = !waiting.isEmpty() && !Thread.currentThread().isInterrupted();
            changed.signalAll();
            return !writing;
        } finally {
            lock.unlock();
        }
    }

    private List<Tally> taken(long now) {
        List<Tally> due = new ArrayList<>();
        for (Alike alike : List.copyOf(waiting.keySet())) {
            Tally tally = waiting.get(alike);
            if (tally == null || (!closed && tally.due - now > 0)) {
                continue;
            }
            waiting.remove(alike);
            boolean counted = tally.attempts > 0;
            boolean written =
                    counted && (tally.isFirst || closed || budget(tally.status).tryConsume(1));
            if (written) {
                due.add(tally);
            }
            if (counted && !closed) {
                Tally next = written ? new Tally(tally.first, tally.status, 0) : tally;
                next.due = now + together.toNanos();
                waiting.put(alike, next);
            }
        }
        return due;
    }

    /** Writes what was counted, within a deadline. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            long left = TimeUnit.SECONDS.toNanos(5);
            while (writing && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
