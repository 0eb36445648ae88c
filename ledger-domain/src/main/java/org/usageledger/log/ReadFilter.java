package org.usageledger.log;

import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;

/**
 * What of the log a reader wants to see.
 *
 * @param kind null for both streams
 * @param baselines false leaves out what backfills wrote and what the platform sent as WAS_RUNNING
 */
public record ReadFilter(@Nullable EventKind kind, boolean baselines) {
    public static final ReadFilter ALL = new ReadFilter(null, true);

    /** Whether an event of this kind passes. */
    boolean passes(EventKind eventKind, boolean isBaseline) {
        return (kind == null || kind == eventKind) && (baselines || !isBaseline);
    }

    /** Whether every event passes. */
    public boolean passesAll() {
        return kind == null && baselines;
    }
}
