package org.usageledger.api.running;

import io.micronaut.http.HttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.log.Cursor;
import org.usageledger.running.Reached;
import org.usageledger.running.ReadTransaction;
import org.usageledger.running.RunningQuery;

/** Holds an answer back until what runs knows of a cursor: never an older answer. */
@Singleton
final class NotBefore {
    private static final String PARAMETER = "not_before";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RunningQuery running;

    NotBefore(RunningQuery running) {
        this.running = running;
    }

    /**
     * Answers from a snapshot that knows of what the request names, or with the problem if there is none.
     *
     * @param work takes the snapshot over, and closes it
     */
    HttpResponse<Content> answer(
            Query query, RunningQuery.Use use, Function<ReadTransaction, HttpResponse<Content>> work)
            throws InterruptedException {
        return answer(query, use, Optional.empty(), work);
    }

    /**
     * As above, and from a snapshot no older than the walk over pages that the request goes on with.
     *
     * @param walk of the walk's first page
     */
    HttpResponse<Content> answer(
            Query query,
            RunningQuery.Use use,
            Optional<Cursor> walk,
            Function<ReadTransaction, HttpResponse<Content>> work)
            throws InterruptedException {
        Optional<String> text = query.text(PARAMETER);
        if (query.refusal().isPresent()) {
            return query.refusal().get().answer();
        }
        Optional<Cursor> wanted = text.flatMap(Cursor::parse);
        if (text.isPresent() && wanted.isEmpty()) {
            return Cursors.malformed(PARAMETER, text.get()).answer();
        }
        List<Cursor> cursors = Stream.of(wanted, walk).flatMap(Optional::stream).toList();
        return cursors.isEmpty()
                ? answer(running.now(use), "", work)
                : answer(
                        running.reach(cursors, use, PATIENCE),
                        cursors.getFirst().toString(),
                        work);
    }

    private static HttpResponse<Content> answer(
            Reached reached, String cursor, Function<ReadTransaction, HttpResponse<Content>> work) {
        return switch (reached) {
            case Reached.At(var transaction) -> work.apply(transaction);
            case Reached.Refused(var why) -> Cursors.refused(why).answer();
            case Reached.TooEarly() -> notReached(cursor).answer();
            case Reached.NoPlace() -> RunningController.STREAMS_TAKEN.answer();
        };
    }

    private static Problem notReached(String cursor) {
        return Problem.of(
                        ProblemType.NOT_REACHED,
                        "What runs has not come up to " + cursor + " within " + PATIENCE.toSeconds()
                                + " s; ask again after the time in Retry-After, or without not_before for an older answer.")
                .retryAfter(RETRY_AFTER);
    }
}
