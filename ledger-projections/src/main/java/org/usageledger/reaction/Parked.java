package org.usageledger.reaction;

import org.usageledger.event.Body;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.EventKind;

/** An event as it is stored, in the log or in a letter. */
record Parked(long position, EventKind kind, int format, Body body) {
    /** @throws org.usageledger.event.UnreadableBody if it cannot be decoded */
    UsageEvent decode(StoredForm stored) {
        return stored.decode(kind, format, body);
    }
}
