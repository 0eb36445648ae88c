package org.usageledger.log;

import java.time.Instant;
import org.usageledger.event.Body;
import org.usageledger.event.Origin;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;

/**
 * One event of the log as readers get it.
 *
 * @param effect what it does to its resource's run: by it filters go
 * @param recordedAt the database's clock
 * @param body the platform's own fields, as sent
 */
public record LoggedEvent(long position, EventKind kind, Origin origin, Effect effect, Instant recordedAt, Body body) {}
