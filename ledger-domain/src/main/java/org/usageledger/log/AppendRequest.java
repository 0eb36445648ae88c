package org.usageledger.log;

import java.util.List;
import java.util.Optional;

/**
 * What one caller wants recorded: atomic, all of its fresh events or none.
 *
 * @param events in the caller's order, which is their order in the log
 * @param onConflict what becomes of the rest when an event is in conflict or refused
 * @param conditions per resource, at most one each
 * @param fence of the background execution that appends, if one does
 */
public record AppendRequest(
        List<NewEvent> events, OnConflict onConflict, List<Condition> conditions, Optional<Fence> fence) {
    public AppendRequest {
        events = List.copyOf(events);
        conditions = List.copyOf(conditions);
    }

    /** A request without conditions or a fence. */
    public static AppendRequest of(List<NewEvent> events, OnConflict onConflict) {
        return new AppendRequest(events, onConflict, List.of(), Optional.empty());
    }

    /** Size of the stored form in bytes, by which queue and transactions are bounded. */
    public long bytes() {
        long bytes = 0;
        for (NewEvent event : events) {
            bytes += event.bytes();
        }
        return bytes;
    }

    public enum OnConflict {
        /** Nothing of the request is recorded. */
        REFUSE_REQUEST,
        /** The others are recorded, the event's outcome says why it was not. */
        SKIP_EVENT
    }
}
