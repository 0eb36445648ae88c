package org.usageledger.projection;

import java.time.Instant;
import java.util.Optional;

/**
 * How a projection is doing, as this node sees it.
 *
 * @param position everything up to here is in its rows
 * @param lag positions of the log that are not
 * @param owner the node that projects; empty if none does
 * @param trouble what keeps this node from projecting, if something does
 */
public record ProjectionStatus(
        String projection, long position, long lag, Optional<String> owner, Optional<Trouble> trouble) {

    /**
     * A failure that is being retried.
     *
     * @param since the first of the failures that have not been followed by a success
     */
    public record Trouble(String error, Instant since) {}
}
