package org.usageledger.log;

import java.util.List;

/** What one who follows the log gets to know. */
public sealed interface News {
    /**
     * Events that pass its filter, in order.
     *
     * @param step the last retention step that whoever has some of them, but not yet the last, was told of
     * @param next where it stands after them
     */
    record Events(List<LoggedEvent> events, long step, Cursor next) implements News {
        /** Where a follower stands who has these events up to this one. */
        public Cursor at(LoggedEvent event) {
            return event.position() == next.position() ? next : new Cursor(next.epoch(), event.position(), step);
        }
    }

    /** None came in time; the cursor may have advanced past others' events. */
    record Nothing(Cursor next) implements News {}

    /** The database has to be asked what comes after this cursor, and whether it can be served. */
    record Behind(Cursor next) implements News {}

    /** The service stops. */
    record Closed() implements News {}
}
