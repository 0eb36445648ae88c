package org.usageledger.tasks;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Begins when the driver wants it to, and ends when the test lets it. */
final class LockStepTask implements BackgroundTask {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Duration PERIOD = Duration.ofMinutes(1);

    private final String name;
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore mayEnd = new Semaphore(0);
    private final AtomicInteger under = new AtomicInteger();
    private volatile Ending ending = () -> Result.success("looked", Map.of());
    volatile boolean overlapped;

    /** What an activation comes to. */
    @FunctionalInterface
    interface Ending {
        Result end() throws Exception;
    }

    LockStepTask(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "does as it is told";
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public int schema() {
        return 3;
    }

    @Override
    public Result activate() throws Exception {
        overlapped |= under.incrementAndGet() > 1;
        begun.release();
        try {
            if (!mayEnd.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let it end");
            }
            return ending.end();
        } finally {
            under.decrementAndGet();
        }
    }

    /** Waits until the next activation is under way. */
    void awaitBeginning() throws InterruptedException {
        if (!begun.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(name + " was not activated");
        }
    }

    /** Activations that began and were not waited for. */
    int unawaited() {
        return begun.availablePermits();
    }

    /** Lets one activation end. */
    void end() {
        mayEnd.release();
    }

    /** Lets one activation end so, and those after it. */
    void end(Ending how) {
        ending = how;
        end();
    }
}
