package org.usageledger.log;

import java.time.Instant;
import org.usageledger.event.Body;
import org.usageledger.event.Origin;
import org.usageledger.lifecycle.EventKind;

/**
 * One event of the log as readers get it.
 *
 * @param recordedAt the database's clock
 * @param body the platform's own fields, as sent
 */
public record LoggedEvent(long position, EventKind kind, Origin origin, Instant recordedAt, Body body) {}
