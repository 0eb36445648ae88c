package org.usageledger.running;

import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.ResourceKind;

/** Which resources are asked for; null for any. The three guids are those of the event that sized the run last. */
public record RunningFilter(
        @Nullable ResourceKind kind,
        @Nullable String organization,
        @Nullable String space,
        @Nullable String app) {
    public static final RunningFilter ALL = new RunningFilter(null, null, null, null);
}
