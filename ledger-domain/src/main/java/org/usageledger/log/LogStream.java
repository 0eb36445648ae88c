package org.usageledger.log;

import java.util.List;

/** The log from a cursor up to the head as it was when the stream was opened, page by page. */
public final class LogStream {
    private static final int CHUNK_EVENTS = 2_000;

    private final LogReader reader;
    private final ReadFilter filter;
    private final Horizon horizon;
    private final long begun;
    private Cursor next;

    LogStream(LogReader reader, ReadFilter filter, Cursor from, Horizon horizon) {
        this.reader = reader;
        this.filter = filter;
        this.next = from;
        this.begun = from.position();
        this.horizon = horizon;
    }

    /** How far this stream will be complete: fixed when it was opened. */
    public Horizon horizon() {
        return horizon;
    }

    /** Where its reader goes on after the whole of it. Never before where the stream began: another node may have confirmed more than this one. */
    public Cursor end() {
        return new Cursor(horizon.epoch(), Math.max(begun, horizon.position()), horizon.step());
    }

    /** Whether everything up to the horizon was handed out. */
    public boolean ended() {
        return next.position() >= horizon.position();
    }

    /**
     * The next events in order; may be empty where everything is filtered, so the end is told by {@link #ended}.
     *
     * @throws CursorOvertaken if retention pruned ahead of the stream
     * @throws LogFault if the database cannot be read
     */
    public List<LoggedEvent> nextChunk() {
        return switch (reader.page(new Start.After(next), filter, CHUNK_EVENTS)) {
            case Page.Refused refused -> throw new CursorOvertaken(refused.why());
            case Page.Events page -> {
                next = page.next();
                yield withinHorizon(page.events());
            }
        };
    }

    private List<LoggedEvent> withinHorizon(List<LoggedEvent> events) {
        int end = events.size();
        while (end > 0 && events.get(end - 1).position() > horizon.position()) {
            end--;
        }
        return events.subList(0, end);
    }
}
