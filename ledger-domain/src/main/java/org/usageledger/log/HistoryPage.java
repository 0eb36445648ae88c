package org.usageledger.log;

import java.util.List;

/**
 * Some of one resource's events in position order, and where to go on.
 *
 * @param upTo nothing of the resource is missing up to here; at least the last event's position
 * @param horizon what the whole history is complete up to: the same in all its pages
 */
public record HistoryPage(List<LoggedEvent> events, long upTo, Horizon horizon) {
    /** Whether nothing follows. */
    public boolean ended() {
        return upTo >= horizon.position();
    }
}
