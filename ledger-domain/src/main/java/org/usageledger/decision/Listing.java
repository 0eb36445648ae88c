package org.usageledger.decision;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.usageledger.log.Cursor;

/**
 * A list of what runs, and the execution that acts on it.
 *
 * @param execution in whose name events are written: with the same one, an event written again is the same event
 * @param at the time of the execution: {@code occurred_at} of what it writes, in whole microseconds, which is what is stored
 * @param upTo where the ledger stood, in which history, when the list was begun: about what came after it the list says nothing
 */
public record Listing(UUID execution, Instant at, Cursor upTo) {
    public Listing {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }
}
