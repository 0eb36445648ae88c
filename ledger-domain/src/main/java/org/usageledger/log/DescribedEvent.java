package org.usageledger.log;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.usageledger.event.Sender;
import org.usageledger.lifecycle.Resource;

/**
 * One event of the log with what readers see who know nothing of its body.
 *
 * @param ledger the log's own name: the same for its whole life, wherever it lives, and no other log's
 * @param epoch the history in which its position was given: with it the position names this event for ever
 * @param sender if it came as a CloudEvent
 */
public record DescribedEvent(
        LoggedEvent event,
        UUID ledger,
        int epoch,
        Instant occurredAt,
        String state,
        Optional<Resource> resource,
        Optional<Sender> sender) {}
