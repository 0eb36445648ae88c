package org.usageledger.jobs.recovery;

import java.time.Instant;
import java.util.UUID;

/**
 * An execution that was recovered or taken over.
 *
 * @param from who had it, as {@code node/incarnation}
 * @param epoch it is held by now
 */
public record Recovery(Instant at, UUID execution, String job, ClaimReason reason, String from, long epoch) {

    static Recovery of(Verdict.Claim claim, Instant at) {
        return new Recovery(
                at,
                claim.execution(),
                claim.job(),
                claim.reason(),
                claim.from(),
                claim.claimed().epoch());
    }
}
