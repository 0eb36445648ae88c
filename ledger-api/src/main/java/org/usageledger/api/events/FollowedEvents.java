package org.usageledger.api.events;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.log.Cursor;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.News;
import org.usageledger.log.Page;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;
import org.usageledger.log.Tail;

/**
 * What one follower is sent: each event with its cursor as id, a sign of life where there is none, and, where it cannot go on, one last
 * event that says why. A reader who takes nothing holds up this and nobody else, until the connection is given up. Its place is taken
 * while this is written, and no longer.
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

        /** Of one stream: up to a tenth shorter, so that those who came together do not come again together. */
        Duration lasting() {
            return longest.minusNanos(ThreadLocalRandom.current().nextLong(longest.toNanos() / 10 + 1));
        }

        /** Until what could not be read is tried again. */
        Duration untilRetry() {
            return heartbeat.dividedBy(3);
        }
    }

    /** How far it has come. */
    private sealed interface Standing {
        /** The database has to be asked, also whether it can be served from there. */
        record Unread(Start from) implements Standing {}

        /** It has everything up to here, or is about to get it from memory. */
        record Following(Cursor at) implements Standing {}

        record Ended() implements Standing {}
    }

    private final FollowedLog log;
    private final Optional<String> caller;
    private final ReadFilter filter;
    private final Start start;
    private final long end;

    FollowedEvents(FollowedLog log, Optional<String> caller, ReadFilter filter, Start start) {
        this.log = log;
        this.caller = caller;
        this.filter = filter;
        this.start = start;
        this.end = System.nanoTime() + log.pace().lasting().toNanos();
    }

    private boolean isOver() {
        return end - System.nanoTime() <= 0;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        ServerSentText text = new ServerSentText(out);
        try {
            text.begin();
            if (!log.callers().take(caller)) {
                refuse(text, FollowController.ownTaken());
                return;
            }
            try {
                follow(text);
            } finally {
                log.callers().giveBack(caller);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the service is stopping");
        }
    }

    private void follow(ServerSentText text) throws IOException, InterruptedException {
        Optional<Tail.Follower> place = log.tail().follow(filter);
        if (place.isEmpty()) {
            refuse(text, FollowController.allTaken());
            return;
        }
        try (Tail.Follower follower = place.get()) {
            Standing standing = new Standing.Unread(start);
            while (!(standing instanceof Standing.Ended) && !log.tail().endsWithin(Duration.ZERO) && !isOver()) {
                standing = goOn(text, follower, standing);
            }
        }
    }

    private void refuse(ServerSentText text, Problem problem) throws IOException {
        log.observer().refused(problem.type());
        text.problem(problem);
    }

    /** A step by itself, so that nothing of what was sent is held while it is waited for more. */
    private Standing goOn(ServerSentText text, Tail.Follower follower, Standing standing)
            throws IOException, InterruptedException {
        return switch (standing) {
            case Standing.Unread(Start from) -> read(text, from);
            case Standing.Following(Cursor at) -> hear(text, follower, at);
            case Standing.Ended ended -> ended;
        };
    }

    private Standing hear(ServerSentText text, Tail.Follower follower, Cursor from)
            throws IOException, InterruptedException {
        return switch (follower.next(from, log.pace().heartbeat())) {
            case News.Events events -> send(text, events);
            case News.Nothing nothing -> {
                text.alive(nothing.next(), log.tail().failingSince());
                yield new Standing.Following(nothing.next());
            }
            case News.Behind behind -> new Standing.Unread(new Start.After(behind.next()));
            case News.Closed _ -> new Standing.Ended();
        };
    }

    private Standing read(ServerSentText text, Start from) throws IOException, InterruptedException {
        return switch (log.catchUp().page(from, filter, log.pace().heartbeat())) {
            case CatchUp.Caught.Read(Page.Refused refused) -> {
                refuse(text, Cursors.refused(refused.why()));
                yield new Standing.Ended();
            }
            case CatchUp.Caught.Read(Page.Events page) -> {
                if (page.events().isEmpty()) {
                    // "newest" asked for again after a loss of the connection would be another place.
                    text.cursor(page.next());
                }
                // A page was read whole after every step that its cursor tells of.
                yield send(text, new News.Events(page.events(), page.next().step(), page.next()));
            }
            case CatchUp.Caught.NotYet _ -> {
                text.behind();
                yield new Standing.Unread(from);
            }
            case CatchUp.Caught.Failing failing -> {
                text.unknown(failing.since());
                yield log.tail().endsWithin(log.pace().untilRetry()) ? new Standing.Ended() : new Standing.Unread(from);
            }
        };
    }

    /** Ends between two events where time is over: one who takes a little now and then could stay for ever. */
    private Standing send(ServerSentText text, News.Events news) throws IOException {
        for (LoggedEvent event : news.events()) {
            if (isOver()) {
                return new Standing.Ended();
            }
            text.event(event, news.at(event));
        }
        text.flush();
        return new Standing.Following(news.next());
    }
}
