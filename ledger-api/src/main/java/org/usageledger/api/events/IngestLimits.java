package org.usageledger.api.events;

import org.usageledger.event.EventLimits;

/**
 * How much one request may append.
 *
 * @param requestBytes of the body, as sent and after decompression alike
 * @param requestEvents events of one request, which is one atomic append
 * @param event limits of each event
 */
public record IngestLimits(long requestBytes, int requestEvents, EventLimits event) {
    /** A page of the largest kind that a platform serves, twice over. */
    public static final IngestLimits DEFAULT = new IngestLimits(16L << 20, 10_000, EventLimits.DEFAULT);

    public IngestLimits {
        if (requestBytes < event.eventBytes() || requestEvents < 1) {
            throw new IllegalArgumentException("a request must have room for one event: " + requestBytes + " bytes, "
                    + requestEvents + " events, " + event.eventBytes() + " bytes an event");
        }
    }
}
