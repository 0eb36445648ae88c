package org.usageledger.log;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.Effect;
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

    /** Whether this event passes. */
    public boolean passes(LoggedEvent event) {
        return passes(event.kind(), event.effect() == Effect.BEGINS_AS_BASELINE);
    }

    /** Every filter there is. */
    static List<ReadFilter> all() {
        return List.of(
                ALL,
                new ReadFilter(null, false),
                new ReadFilter(EventKind.APP, true),
                new ReadFilter(EventKind.APP, false),
                new ReadFilter(EventKind.SERVICE, true),
                new ReadFilter(EventKind.SERVICE, false));
    }
}
