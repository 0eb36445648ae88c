package org.usageledger.postgres.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, and says what it saw last when the condition does not come. */
public final class Await {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private Await() {}

    /** What one look found. */
    public sealed interface Seen<T> {

        /** What was waited for. */
        record Ready<T>(T value) implements Seen<T> {}

        /**
         * It may still come.
         *
         * @param state what there is instead, for the message at the deadline
         */
        record NotYet<T>(String state) implements Seen<T> {}

        /** It cannot come any more. */
        record Failed<T>(Throwable cause) implements Seen<T> {}
    }

    /** One look at the condition. What it throws ends the wait. */
    @FunctionalInterface
    public interface Look<T> {
        Seen<T> look() throws Exception;
    }

    /** Whether a condition holds. What it throws ends the wait. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Describes what there is now. */
    @FunctionalInterface
    public interface State {
        String describe() throws Exception;
    }

    /**
     * Looks again and again until what is waited for is ready. Always looks at least once.
     *
     * @throws AssertionError at the deadline, with the time that passed and the last state seen; or as soon as a look
     *     fails, with its cause
     */
    public static <T> T until(Duration deadline, Look<T> look) {
        long begin = System.nanoTime();
        while (true) {
            switch (seen(look, begin)) {
                case Seen.Ready<T>(var value) -> {
                    return value;
                }
                case Seen.Failed<T>(var cause) ->
                    throw new AssertionError("failed after " + sinceText(begin) + ": " + cause, cause);
                case Seen.NotYet<T>(var state) -> giveUpAfter(deadline, begin, state);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            if (Thread.interrupted()) {
                throw new AssertionError("interrupted after " + sinceText(begin));
            }
        }
    }

    /** Waits until {@code condition} holds; {@code state} describes what there is while it does not. */
    public static void untilTrue(Duration deadline, State state, Condition condition) {
        until(deadline, () -> condition.holds() ? new Seen.Ready<>(Boolean.TRUE) : new Seen.NotYet<>(state.describe()));
    }

    private static <T> Seen<T> seen(Look<T> look, long begin) {
        try {
            return look.look();
        } catch (Exception e) {
            throw new AssertionError("the look threw after " + sinceText(begin) + ": " + e, e);
        }
    }

    private static void giveUpAfter(Duration deadline, long begin, String state) {
        if (System.nanoTime() - begin >= deadline.toNanos()) {
            throw new AssertionError("not so after " + sinceText(begin) + "; last seen: " + state);
        }
    }

    private static String sinceText(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms";
    }
}
