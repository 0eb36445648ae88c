package org.usageledger.api.access;

import io.github.bucket4j.TimeMeter;
import io.micronaut.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import org.usageledger.api.tls.Trust;

/** Who may, as this service was told. */
public final class Access implements AutoCloseable {
    private final boolean open;
    private final Authenticator authenticator;
    private final RateLimit rate;

    private Access(boolean open, Authenticator authenticator, RateLimit rate) {
        this.open = open;
        this.authenticator = authenticator;
        this.rate = rate;
    }

    /**
     * Asks nobody for anything yet.
     *
     * @throws org.usageledger.api.tls.BadPem if a file of certificates cannot be used
     */
    public static Access of(AccessSettings settings) {
        Authenticator authenticator = switch (settings.authentication()) {
            case AccessSettings.Authentication.None _ -> Authenticator.none();
            case AccessSettings.Authentication.Jwt jwt -> {
                KeyFetch fetch = new KeyFetch(jwt.keys(), Trust.besidesTheUsual(jwt.authorities()));
                yield new BearerTokens(new TokenCheck(jwt, new IssuerKeys(fetch)));
            }
        };
        return new Access(settings.isOpen(), authenticator, new RateLimit(settings.rate(), TimeMeter.SYSTEM_NANOTIME));
    }

    Verdict authenticate(HttpRequest<?> request) {
        return authenticator.authenticate(request);
    }

    boolean permits(Caller caller, Permission needed) {
        return open || needed.isGivenBy(caller.scopes());
    }

    /** Takes one request of a caller's; if there is none left, the time until there is. */
    Optional<Duration> spend(Caller caller) {
        return rate.spend(caller);
    }

    @Override
    public void close() {
        authenticator.close();
    }
}
