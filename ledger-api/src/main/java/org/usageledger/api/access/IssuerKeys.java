package org.usageledger.api.access;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the issuer signs with, kept and renewed ahead. A key that is not known is asked for, seldom enough that nobody can make
 * this service a burden to the issuer. While the issuer cannot be reached, known keys go on for a while.
 */
final class IssuerKeys implements JWSKeySelector<SecurityContext>, AutoCloseable {
    /** Asymmetric ones only: a key that is published must not be able to sign. */
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** In this time keys are fetched at most twice, however many tokens name keys that are not known. */
    static final Duration FETCH_INTERVAL = Duration.ofSeconds(10);

    /** How stale keys may be: so long a key that was withdrawn is still taken. */
    private static final Duration KEPT = Duration.ofMinutes(5);

    /** Before they are stale, so that nobody has to wait for it. */
    private static final Duration RENEWED_AHEAD = Duration.ofMinutes(1);

    /** How long known keys go on while the issuer cannot be reached. Its tokens seldom hold longer. */
    private static final Duration OUTAGE = Duration.ofHours(4);

    /** One waits for the keys, the others for the one: longer than a fetch may take. */
    private static final Duration WAIT = KeyFetch.DEADLINE.plusSeconds(2);

    private final KeyFetch fetch;
    private final ExecutorService renewing = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("issuer-keys").factory());
    private final JWKSource<SecurityContext> source;
    private final JWSVerificationKeySelector<SecurityContext> selector;

    IssuerKeys(KeyFetch fetch) {
        this(fetch, FETCH_INTERVAL);
    }

    /** With another interval than the usual. */
    IssuerKeys(KeyFetch fetch, Duration interval) {
        this.fetch = fetch;
        source = JWKSourceBuilder.create((JWKSetSource<SecurityContext>) fetch)
                .cache(KEPT.toMillis(), WAIT.toMillis())
                .refreshAheadCache(RENEWED_AHEAD.toMillis(), null, renewing, false, clock, false)
                .rateLimited(interval.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
        selector = new JWSVerificationKeySelector<>(ALGORITHMS, source);
    }

    /** For tests that tell the time. */
    JWKSetSource<SecurityContext> sets() {
        return ((JWKSetBasedJWKSource<SecurityContext>) source).getJWKSetSource();
    }

    /** @throws KeySourceException also where the issuer was asked a moment ago: it may have a new key since */
    @Override
    public List<Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context) throws KeySourceException {
        List<Key> keys = known(header, context);
        if (keys.isEmpty() && ALGORITHMS.contains(header.getAlgorithm()) && fetch.isFailing()) {
            throw new JWKSetUnavailableException("the key is not known and the issuer does not say");
        }
        return keys;
    }

    private List<Key> known(JWSHeader header, @Nullable SecurityContext context) throws KeySourceException {
        try {
            return selector.selectJWSKeys(header, context);
        } catch (RateLimitReachedException e) {
            String id = header.getKeyID();
            if (id == null || isKnown(id, context)) {
                return List.of();
            }
            throw e;
        }
    }

    /** Whether there is a key of this name, of whatever kind: to ask the issuer for it again would not help. */
    private boolean isKnown(String id, @Nullable SecurityContext context) throws KeySourceException {
        try {
            JWKMatcher named = new JWKMatcher.Builder().keyID(id).build();
            return !source.get(new JWKSelector(named), context).isEmpty();
        } catch (RateLimitReachedException _) {
            return false;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        renewing.shutdownNow();
        if (source instanceof JWKSetBasedJWKSource<SecurityContext> closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException("letting go of the issuer's keys", e);
            }
        }
        fetch.close();
    }
}
