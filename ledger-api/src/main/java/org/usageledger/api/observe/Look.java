package org.usageledger.api.observe;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database on a thread of its own: it may be silent for as long as a socket waits, whoever wants to know whether the service is
 * well may not. There is one question under way at most. Used under the lock of whoever keeps the answers.
 */
final class Look<T> {
    /** Longer than a database in order ever takes; who asks may have been asked by somebody with little patience. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** After so long the question is broken off, so that the next one goes to a database that is back. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Supplier<T> question;
    private @Nullable UnderWay<T> underWay;

    Look(Supplier<T> question) {
        this.question = question;
    }

    private record UnderWay<T>(CompletableFuture<T> answer, Thread thread, long beganNanos) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - beganNanos);
        }
    }

    /**
     * Waits for the answer until the question has been under way for as long as one has patience.
     *
     * @throws TimeoutException if there is none by then
     */
    T answer() throws TimeoutException, InterruptedException {
        UnderWay<T> asked = underWay;
        // What was answered when nobody waited any more is old news.
        if (asked == null || asked.answer().isDone()) {
            asked = begin();
            underWay = asked;
        }
        try {
            Duration left = PATIENCE.minus(asked.age());
            T answer = asked.answer().get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
            underWay = null;
            return answer;
        } catch (TimeoutException e) {
            if (asked.age().compareTo(LIMIT) > 0) {
                asked.thread().interrupt();
            }
            throw e;
        } catch (ExecutionException e) {
            underWay = null;
            throw e.getCause() instanceof RuntimeException fault
                    ? fault
                    : new IllegalStateException("looking at the database", e.getCause());
        }
    }

    private UnderWay<T> begin() {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("ledger-health").start(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        return new UnderWay<>(answer, thread, System.nanoTime());
    }
}
