package org.usageledger.api.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sends a call again while the service is overloaded, restarting or unreachable. Only for calls that may be repeated: reads, and
 * appends, whose events are recognised by their guids.
 *
 * <p>As long as it has never been answered, a service that is not there at all is not waited for: the address is wrong or the service
 * was never started.
 */
final class PersistentCaller {
    private final LedgerClient client;
    private final Interruption interruption;
    private final Patience patience;
    private final Consumer<String> notice;
    private boolean answeredBefore;

    /** @param notice told once per outage why it waits */
    PersistentCaller(LedgerClient client, Interruption interruption, Patience patience, Consumer<String> notice) {
        this.client = client;
        this.interruption = interruption;
        this.patience = patience;
        this.notice = notice;
    }

    /** The first answer that is not worth a retry. */
    Answer send(Call call) throws InterruptedException {
        return send(call, Integer.MAX_VALUE).orElseThrow();
    }

    /**
     * The same, but gives up after so many connections lost in the middle of the exchange.
     *
     * @return empty if given up
     */
    Optional<Answer> send(Call call, int lossesAllowed) throws InterruptedException {
        long giveUp = System.nanoTime() + patience.total().toNanos();
        int losses = 0;
        for (int retry = 0; ; retry++) {
            Attempt attempt = attempt(call);
            if (attempt instanceof Attempt.Answered(Answer answer)) {
                return Optional.of(answer);
            }
            Attempt.Failed failed = (Attempt.Failed) attempt;
            losses += failed.midway() ? 1 : 0;
            if (losses >= lossesAllowed) {
                return Optional.empty();
            }
            Duration wait = failed.asked().map(Patience::bounded).orElse(patience.before(retry));
            if (System.nanoTime() + wait.toNanos() > giveUp) {
                throw failed.failure(patience.total());
            }
            if (retry == 0) {
                notice.accept(failed.why() + " " + patience.promise());
            }
            interruption.pause(wait);
        }
    }

    private Attempt attempt(Call call) throws InterruptedException {
        try {
            Answer answer = client.send(call);
            answeredBefore = true;
            if (answer.retryable()) {
                return new Attempt.Failed(Problem.of(answer).sentence(), answer.retryAfter(), false);
            }
            return new Attempt.Answered(answer);
        } catch (ServiceUnreachable e) {
            if (e.nobodyThere() && !answeredBefore) {
                throw new CommandFailed(String.valueOf(e.getMessage()), e);
            }
            return new Attempt.Failed(String.valueOf(e.getMessage()), Optional.empty(), !e.nobodyThere());
        }
    }

    private sealed interface Attempt {
        record Answered(Answer answer) implements Attempt {}

        record Failed(String why, Optional<Duration> asked, boolean midway) implements Attempt {
            CommandFailed failure(Duration total) {
                return new CommandFailed("Given up after " + Durations.text(total) + " without success: " + why);
            }
        }
    }
}
