package org.usageledger.log;

/** Why a cursor cannot be served. Each is a different answer to the reader. */
public sealed interface CursorRefusal {

    /** It names an epoch not yet known, or a position that is not yet given: it comes from another ledger, or from a lost history. */
    record BeyondHead(Cursor cursor, Cursor head) implements CursorRefusal {}

    /**
     * It comes from a history that ended before its position: what its holder read after the fork is not in this ledger.
     *
     * @param rewindTo the cursor of the fork
     */
    record Forked(Cursor cursor, Cursor rewindTo) implements CursorRefusal {}

    /**
     * Events that its holder has not seen were pruned since it was handed out.
     *
     * @param prunedUpTo the highest position so pruned
     * @param goOnWith same position, newest step: acknowledges the loss
     */
    record Pruned(Cursor cursor, long prunedUpTo, Cursor goOnWith) implements CursorRefusal {}
}
