package org.usageledger.log;

import java.util.List;

/** Answer to a read by cursor: a page, or the reason why the cursor cannot be served. */
public sealed interface Page {

    /**
     * Events in the log's order, possibly none.
     *
     * @param next where to go on; stays put at the end, advances past filtered events
     * @param horizon how far the page is complete
     */
    record Events(List<LoggedEvent> events, Cursor next, Horizon horizon) implements Page {}

    record Refused(CursorRefusal why) implements Page {}
}
