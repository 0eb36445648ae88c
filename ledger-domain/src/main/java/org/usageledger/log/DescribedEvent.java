package org.usageledger.log;

import java.time.Instant;
import java.util.Optional;
import org.usageledger.event.Sender;
import org.usageledger.lifecycle.Resource;

/**
 * One event of the log with what readers see who know nothing of its body.
 *
 * @param ledger the system identifier of the database in which the log was begun: the same for the log's whole life, wherever it lives
 * @param epoch the history in which its position was given: with it the position names this event for ever
 * @param sender if it came as a CloudEvent
 */
public record DescribedEvent(
        LoggedEvent event,
        long ledger,
        int epoch,
        Instant occurredAt,
        String state,
        Optional<Resource> resource,
        Optional<Sender> sender) {}
