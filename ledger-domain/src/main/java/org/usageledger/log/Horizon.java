package org.usageledger.log;

import java.time.Instant;

/**
 * How far an answer is complete, of one snapshot.
 *
 * @param epoch the current history
 * @param position no event at or below it is missing but those pruned; also where readers may go up to
 * @param time the primary's clock at the snapshot
 * @param step the newest retention step
 * @param prunedUpTo the highest position ever pruned, 0 if none
 */
public record Horizon(int epoch, long position, Instant time, long step, long prunedUpTo) {
    /** The cursor of whoever has seen everything up to here. */
    public Cursor cursor() {
        return new Cursor(epoch, position, step);
    }
}
