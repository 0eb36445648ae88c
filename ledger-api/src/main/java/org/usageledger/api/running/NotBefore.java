package org.usageledger.api.running;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.log.Cursor;
import org.usageledger.log.CursorRefusal;
import org.usageledger.log.LogReader;
import org.usageledger.running.RunningQuery;

/** Holds an answer back until what runs knows of a cursor: never an older answer. */
@Singleton
final class NotBefore {
    private static final String PARAMETER = "not_before";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final LogReader log;
    private final RunningQuery running;

    NotBefore(LogReader log, RunningQuery running) {
        this.log = log;
        this.running = running;
    }

    /** Waits as the request asks; the problem, if it cannot be answered. */
    Optional<Problem> await(Query query) throws InterruptedException {
        Optional<String> text = query.text(PARAMETER);
        if (text.isEmpty() || query.refusal().isPresent()) {
            return query.refusal();
        }
        Optional<Cursor> cursor = Cursor.parse(text.get());
        if (cursor.isEmpty()) {
            return Optional.of(Cursors.malformed(PARAMETER, text.get()));
        }
        // What was pruned matters to readers of events only: what runs is known whatever retention did.
        Optional<CursorRefusal> refusal = log.check(cursor.get()).filter(why -> !(why instanceof CursorRefusal.Pruned));
        if (refusal.isPresent()) {
            return refusal.map(Cursors::refused);
        }
        return running.awaitReached(cursor.get(), PATIENCE) ? Optional.empty() : Optional.of(notReached(cursor.get()));
    }

    private static Problem notReached(Cursor cursor) {
        return Problem.of(
                        ProblemType.NOT_REACHED,
                        "What runs has not come up to " + cursor + " within " + PATIENCE.toSeconds()
                                + " s; ask again after the time in Retry-After, or without not_before for an older answer.")
                .retryAfter(RETRY_AFTER);
    }
}
