package org.usageledger.event;

import org.jspecify.annotations.Nullable;

/** A number of the platform now and before this event; null where the platform sent null or nothing. */
public record Change(@Nullable Integer current, @Nullable Integer previous) {
    public static final Change NONE = new Change(null, null);

    /** The number now, a missing one counted as 0. */
    public int currentOrZero() {
        return current == null ? 0 : current;
    }
}
