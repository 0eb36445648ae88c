package org.usageledger.api.events;

import java.time.Duration;
import org.usageledger.event.EventLimits;

/**
 * How much one request may append.
 *
 * @param requestBytes of the body, as sent and after decompression alike
 * @param requestEvents events of one request, which is one atomic append
 * @param event limits of each event
 * @param appendMemory bytes of bodies that all requests under way may hold together; a body whose size is not known beforehand counts as
 *     the largest that is taken
 * @param arrival from the first look at a body to its last byte: so long a sender who trickles may hold its part of that
 */
public record IngestLimits(
        long requestBytes, int requestEvents, EventLimits event, long appendMemory, Duration arrival) {
    /** A page of the largest kind that a platform serves, twice over; of those, eight at a time; each at 3 Mbit/s or more. */
    public static final IngestLimits DEFAULT =
            new IngestLimits(16L << 20, 10_000, EventLimits.DEFAULT, 128L << 20, Duration.ofSeconds(60));

    public IngestLimits {
        if (requestBytes < event.eventBytes() || requestEvents < 1) {
            throw new IllegalArgumentException("a request must have room for one event: " + requestBytes + " bytes, "
                    + requestEvents + " events, " + event.eventBytes() + " bytes an event");
        }
        if (!arrival.isPositive()) {
            throw new IllegalArgumentException("a body must be given time to arrive, not " + arrival);
        }
        if (appendMemory < requestBytes) {
            throw new IllegalArgumentException("appends must have room for one request of " + requestBytes
                    + " bytes together, not " + appendMemory);
        }
    }
}
