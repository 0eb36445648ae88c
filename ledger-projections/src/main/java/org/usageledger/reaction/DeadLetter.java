package org.usageledger.reaction;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.usageledger.event.Body;

/**
 * An event that could not be reacted to, or waits behind one.
 *
 * @param cause what went wrong last; null for one that only waits
 * @param attempts made so far
 */
public record DeadLetter(
        String reaction,
        long position,
        String sequence,
        @Nullable String cause,
        int attempts,
        Instant parkedAt,
        Body body) {}
