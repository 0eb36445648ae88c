package org.usageledger.api.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.usageledger.api.cli.ServiceStarter.RunningService;

/** Starts a service and stops it in order, whenever the signal comes: also while it still starts. */
final class ServeLifetime {
    /** Longer than a service and its PostgreSQL take by their own deadlines. */
    private static final Duration STOPPING = Duration.ofMinutes(2);

    private final Terminal terminal;
    private final CompletableFuture<RunningService> started = new CompletableFuture<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onSignal, "stop");

    ServeLifetime(Terminal terminal) {
        this.terminal = terminal;
    }

    RunningService start(Supplier<RunningService> starting) {
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            RunningService service = starting.get();
            started.complete(service);
            return service;
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
            removeHook();
            throw e;
        }
    }

    /** Stops at once, without a signal. */
    void stop() {
        removeHook();
        started.join().close();
    }

    /** Returns once the signal has come and everything is stopped. */
    int awaitStop() throws InterruptedException {
        stopped.await();
        return 0;
    }

    private void onSignal() {
        int code = 1;
        try {
            RunningService service = started.get(STOPPING.toSeconds(), TimeUnit.SECONDS);
            terminal.say("Stopping.");
            service.close();
            terminal.say("Stopped.");
            code = 0;
        } catch (ExecutionException | TimeoutException e) {
            terminal.say("Stopped before it had started.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            terminal.say("Stopping failed: " + e.getMessage());
        }
        stopped.countDown();
        terminal.out().flush();
        // A stop that was asked for and went well is a success; left alone, the JVM would answer with the signal's
        // number.
        Runtime.getRuntime().halt(code);
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            terminal.say("Stopping while starting.");
        }
    }
}
