package org.usageledger.api.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that end early when the process is asked to stop (Ctrl-C, SIGTERM), and last words before it does. */
final class Interruption implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final Runnable lastWords;
    private final Thread hook = new Thread(this::stop, "last-words");

    /** @param lastWords what is left to say; must be quick, and may run while the command still works */
    Interruption(Runnable lastWords) {
        this.lastWords = lastWords;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Waits for this long, or until asked to stop. */
    void pause(Duration duration) throws InterruptedException {
        if (asked.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("asked to stop");
        }
    }

    void stop() {
        asked.countDown();
        lastWords.run();
    }

    @Override
    public void close() {
        if (asked.getCount() > 0) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
