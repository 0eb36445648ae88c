package org.usageledger.tasks;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.usageledger.postgres.testing.Await;

/** Time that passes when the test says so. */
final class SteppedTime implements Ticker {
    private static final Instant BEGINNING = Instant.parse("2026-03-29T00:59:59.5Z");
    /** Between two looks at it. */
    private static final long LOOK = Duration.ofMillis(1).toNanos();

    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(90).toNanos());
    private final long first = nanos.get();
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();

    private record Wait(String thread, Duration left) {}

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return BEGINNING.plusNanos(nanos.get() - first).truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public long pause(long wanted) {
        waits.add(new Wait(Thread.currentThread().getName(), Duration.ofNanos(wanted)));
        return LOOK;
    }

    void pass(Duration time) {
        waits.clear();
        nanos.addAndGet(time.toNanos());
    }

    /** Waits until some task waits for exactly so long, which shows that it has seen what time it is. */
    void awaitWaitOf(Duration left) {
        Await.untilTrue(
                LockStepTask.PATIENCE,
                () -> "waiting: " + waits,
                () -> waits.stream().anyMatch(wait -> wait.left().equals(left)));
    }

    /** Waits until the task waits for something to come, with everything done that it was asked for before this call. */
    void awaitRestOf(BackgroundTask task) {
        waits.clear();
        Await.untilTrue(
                LockStepTask.PATIENCE,
                () -> "waiting: " + waits,
                () -> waits.stream().anyMatch(wait -> wait.thread().equals("ledger-task-" + task.name())));
    }
}
