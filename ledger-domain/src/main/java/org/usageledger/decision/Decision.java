package org.usageledger.decision;

import org.usageledger.log.NewEvent;
import org.usageledger.log.SuppressionReason;

/** What a command comes to, on what is on record. */
public sealed interface Decision {
    /** Record this event, on the condition that nothing newer of its resource is. */
    record Append(NewEvent event) implements Decision {}

    /** Hand this stop to the log, which keeps it aside until a beginning arrives. */
    record KeepAside(NewEvent stop, SuppressionReason reason) implements Decision {}

    /** Record nothing. */
    record Refuse(Refusal why) implements Decision {}
}
