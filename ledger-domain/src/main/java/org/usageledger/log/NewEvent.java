package org.usageledger.log;

import java.time.Instant;
import java.util.Optional;
import org.usageledger.event.ContentHash;
import org.usageledger.event.EventIdentity;
import org.usageledger.event.Exactness;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.Resource;

/**
 * An event on its way into the log, everything computed that can be before the counter is locked.
 *
 * @param onlyIntoOpenRun whether it is suppressed where its resource has no open run at that place (the rule of task stops)
 * @param row its stored form
 */
public record NewEvent(
        EventIdentity identity,
        ContentHash content,
        Optional<Resource> resource,
        Effect effect,
        Instant occurredAt,
        boolean onlyIntoOpenRun,
        StoredRow row) {

    public static NewEvent of(UsageEvent event, Origin origin, boolean onlyIntoOpenRun) {
        EventIdentity identity = EventIdentity.of(event);
        ContentHash content = ContentHash.of(event);
        return new NewEvent(
                identity,
                content,
                event.resource(),
                event.effect(),
                event.occurredAt(),
                onlyIntoOpenRun,
                StoredRow.of(event, origin, Exactness.of(event, origin)));
    }
}
