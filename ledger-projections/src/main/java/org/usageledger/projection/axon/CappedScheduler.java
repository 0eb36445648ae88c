package org.usageledger.projection.axon;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread that never puts anything off for longer than a cap: left to itself the coordinator waits up to a minute after the database
 * was away.
 */
final class CappedScheduler extends ScheduledThreadPoolExecutor {
    private final Duration cap;

    CappedScheduler(String name, Duration cap) {
        super(1, Thread.ofVirtual().name(name).factory());
        this.cap = cap;
        setRemoveOnCancelPolicy(true);
        setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Bells may still ring while it closes.
        setRejectedExecutionHandler((task, executor) -> {
            if (!executor.isShutdown()) {
                throw new RejectedExecutionException(name + " takes no more tasks");
            }
        });
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return super.schedule(task, Math.min(unit.toNanos(delay), cap.toNanos()), TimeUnit.NANOSECONDS);
    }
}
