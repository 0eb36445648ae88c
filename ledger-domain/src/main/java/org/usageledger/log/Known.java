package org.usageledger.log;

import org.usageledger.event.ContentHash;

/** What is on record of an identity. */
sealed interface Known {
    ContentHash content();

    /** It is in the log, or was before it was pruned. */
    record InLog(long position, ContentHash content) implements Known {}

    /** It is a task stop kept aside. */
    record Aside(SuppressionReason reason, ContentHash content) implements Known {}
}
