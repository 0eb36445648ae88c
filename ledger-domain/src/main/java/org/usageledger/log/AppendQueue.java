package org.usageledger.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The requests that wait for the next transaction; bounded, so that a slow database is felt by the callers and not by the heap. */
final class AppendQueue {
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final AppenderLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private long events;
    private long bytes;
    private boolean closed;

    AppendQueue(AppenderLimits limits) {
        this.limits = limits;
    }

    CompletableFuture<AppendResult> offer(AppendRequest request, AppendObserver.Carried carried) {
        lock.lock();
        try {
            boolean full = !waiting.isEmpty()
                    && (events + request.events().size() > limits.queuedEvents()
                            || bytes + request.bytes() > limits.queuedBytes());
            if (full || closed) {
                return CompletableFuture.completedFuture(new AppendResult.Overloaded(Duration.ofSeconds(1)));
            }
            Pending pending = new Pending(
                    request,
                    answer(),
                    System.nanoTime() + limits.requestDeadline().toNanos(),
                    carried);
            waiting.addLast(pending);
            count(pending, 1);
            arrived.signal();
            return pending.answer();
        } finally {
            lock.unlock();
        }
    }

    /** The appender answers soon after the deadline; should it hang in a call that has none, its callers do not. */
    private CompletableFuture<AppendResult> answer() {
        return new CompletableFuture<AppendResult>()
                .completeOnTimeout(
                        new AppendResult.Unknown(Duration.ofSeconds(1)),
                        2 * limits.requestDeadline().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void count(Pending pending, int sign) {
        events += (long) sign * pending.events();
        bytes += sign * pending.request().bytes();
    }

    /** The next transaction's requests, in order; waits for the first. Empty if none has come in a second, or the queue is closed. */
    List<Pending> take() throws InterruptedException {
        lock.lock();
        try {
            long left = IDLE.toNanos();
            while (waiting.isEmpty() && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            return drain();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits and nothing more will. */
    boolean ended() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private List<Pending> drain() {
        List<Pending> batch = new ArrayList<>();
        long batchEvents = 0;
        long batchBytes = 0;
        while (!waiting.isEmpty()) {
            Pending next = waiting.peekFirst();
            batchEvents += next.events();
            batchBytes += next.request().bytes();
            boolean over = batchEvents > limits.transactionEvents() || batchBytes > limits.transactionBytes();
            if (over && !batch.isEmpty()) {
                break;
            }
            batch.add(waiting.removeFirst());
            count(next, -1);
        }
        return batch;
    }

    /** Requests that could not be heard yet go first in the next transaction, in their order. */
    void putBack(List<Pending> requests) {
        lock.lock();
        try {
            for (Pending pending : requests.reversed()) {
                waiting.addFirst(pending);
                count(pending, 1);
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody will take what still waits: tells so. */
    void abandon() {
        close();
        lock.lock();
        try {
            waiting.forEach(pending -> pending.answer().complete(new AppendResult.Overloaded(Duration.ofSeconds(1))));
            waiting.clear();
            events = 0;
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** What waits, of one moment. */
    Waiting waiting() {
        lock.lock();
        try {
            return new Waiting(events, bytes);
        } finally {
            lock.unlock();
        }
    }

    /** @param bytes of the stored form */
    record Waiting(long events, long bytes) {}
}
