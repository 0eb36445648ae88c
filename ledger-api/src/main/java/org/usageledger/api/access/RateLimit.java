package org.usageledger.api.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/** How often each caller may ask. A request counts when it comes, however long its answer takes. */
final class RateLimit {
    /** Remembered at a time. One who is forgotten starts anew, with a whole burst. */
    static final int CALLERS = 10_000;

    private final Optional<AccessSettings.Rate> rate;
    private final TimeMeter clock;
    private final Cache<String, Bucket> buckets;

    RateLimit(Optional<AccessSettings.Rate> rate, TimeMeter clock) {
        this.rate = rate;
        this.clock = clock;
        buckets = Caffeine.newBuilder()
                .maximumSize(CALLERS)
                // Whoever asked nothing for so long has a whole burst again, remembered or not.
                .expireAfterAccess(rate.map(RateLimit::refilling).orElse(Duration.ZERO))
                .executor(Runnable::run)
                .build();
    }

    private static Duration refilling(AccessSettings.Rate rate) {
        return Duration.ofSeconds(1 + Math.ceilDiv(rate.burst(), rate.requests()));
    }

    /** Takes one request of a caller's; if there is none left, the time until there is. */
    Optional<Duration> spend(Caller caller) {
        return rate.flatMap(limit -> spend(caller, limit));
    }

    private Optional<Duration> spend(Caller caller, AccessSettings.Rate limit) {
        ConsumptionProbe probe = buckets.get(caller.key(), _ -> bucket(limit)).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    private Bucket bucket(AccessSettings.Rate limit) {
        return Bucket.builder()
                .addLimit(bandwidth ->
                        bandwidth.capacity(limit.burst()).refillGreedy(limit.requests(), Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }

    /** For tests: how many are remembered. */
    long remembered() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }
}
