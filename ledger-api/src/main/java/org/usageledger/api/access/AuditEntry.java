package org.usageledger.api.access;

import java.time.Instant;
import java.util.Optional;

/**
 * An administrative act on record.
 *
 * @param subject empty where nobody said who they are
 * @param at by the database's clock, before anything was done
 * @param attempts more than one where the entry stands for others that were turned away alike within a minute
 * @param outcome empty while it is under way, and for ever where the service ended before it could say
 */
record AuditEntry(
        long number,
        Instant at,
        Optional<String> subject,
        Optional<String> client,
        String address,
        String route,
        String target,
        String requestId,
        long attempts,
        Optional<Outcome> outcome) {

    /** @param location what the act made; empty where it made nothing */
    record Outcome(Instant at, int status, Optional<String> location) {}
}
