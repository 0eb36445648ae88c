package org.usageledger.event;

import org.jspecify.annotations.Nullable;

/**
 * A thing of the platform as an event names it.
 *
 * @param guid null where the platform sent null or nothing
 * @param label its name, or for a process its type; null likewise
 */
public record Ref(@Nullable String guid, @Nullable String label) {
    public static final Ref NONE = new Ref(null, null);
}
