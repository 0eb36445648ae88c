package org.usageledger.api.events;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.log.Cursor;
import org.usageledger.log.LogFault;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.Page;
import org.usageledger.log.Start;
import org.usageledger.log.Tail;

/**
 * What one follower is sent: each event with its cursor as id, a sign of life where there is none, and, where it cannot go on, one last
 * event that says why. A reader who takes nothing holds up this and nobody else, until the connection is given up.
 */
final class FollowedEvents implements Content.Source {
    /**
     * How often a follower hears of the service.
     *
     * @param heartbeat between two signs of life: within what proxies commonly take for a dead connection, and how soon one that is gone is
     *     noticed
     * @param longest after which its reader has to connect again, and to show again that it may: access that was taken away ends with that
     */
    record Pace(Duration heartbeat, Duration longest) {
        static final Pace USUAL = new Pace(Duration.ofSeconds(15), Duration.ofHours(1));
    }

    private static final Logger LOG = LoggerFactory.getLogger(FollowedEvents.class);

    private final Tail.Follower follower;
    private final Page.Events first;
    private final Tail tail;
    private final CatchUp catchUp;
    private final Pace pace;

    FollowedEvents(Tail tail, CatchUp catchUp, Pace pace, Tail.Follower follower, Page.Events first) {
        this.pace = pace;
        this.follower = follower;
        this.first = first;
        this.tail = tail;
        this.catchUp = catchUp;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        ServerSentText text = new ServerSentText(out);
        try {
            text.begin();
            if (first.events().isEmpty()) {
                // "newest" asked for again after a loss of the connection would be another place.
                text.cursor(first.next());
            }
            send(text, first.events(), first.next());
            follow(text, first.next());
        } catch (LogFault e) {
            LOG.warn("a follower is sent away", e);
            text.problem(Problem.of(
                    ProblemType.UNAVAILABLE,
                    "The database did not answer as it should. Connect again with the last id in Last-Event-ID."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the service is stopping");
        }
    }

    private void follow(ServerSentText text, Cursor from) throws IOException, InterruptedException {
        Optional<Cursor> at = Optional.of(from);
        long end = System.nanoTime() + pace.longest().toNanos();
        while (at.isPresent() && end - System.nanoTime() > 0) {
            at = switch (follower.next(at.get(), pace.heartbeat())) {
                case Tail.Next.Events events -> Optional.of(send(text, events.events(), events.next()));
                case Tail.Next.Nothing nothing -> Optional.of(rest(text, nothing.next()));
                case Tail.Next.Behind behind -> read(text, behind.next());
                case Tail.Next.Closed _ -> Optional.empty();
            };
        }
    }

    private static Cursor send(ServerSentText text, List<LoggedEvent> events, Cursor next) throws IOException {
        for (LoggedEvent event : events) {
            text.event(event, new Cursor(next.epoch(), event.position(), next.step()));
        }
        text.flush();
        return next;
    }

    private Cursor rest(ServerSentText text, Cursor at) throws IOException {
        text.alive(at, tail.failingSince());
        return at;
    }

    /** Where it goes on; empty if the follower was told that it cannot. */
    private Optional<Cursor> read(ServerSentText text, Cursor from) throws IOException, InterruptedException {
        Optional<Page> page = catchUp.page(new Start.After(from), follower.filter(), pace.heartbeat());
        if (page.isEmpty()) {
            return Optional.of(rest(text, from));
        }
        return switch (page.get()) {
            case Page.Refused refused -> {
                text.problem(Cursors.refused(refused.why()));
                yield Optional.empty();
            }
            case Page.Events events -> {
                if (events.events().isEmpty()) {
                    text.cursor(events.next());
                }
                yield Optional.of(send(text, events.events(), events.next()));
            }
        };
    }

    @Override
    public void close() {
        follower.close();
    }
}
