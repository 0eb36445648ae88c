package org.usageledger.api.access;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Who may, as a service is told before it starts.
 *
 * @param rate empty: callers are not limited
 */
public record AccessSettings(Authentication authentication, Optional<Rate> rate) {
    /** Nobody says who they are; fit for a loopback address only. */
    public static final AccessSettings OPEN = new AccessSettings(new Authentication.None(), Optional.empty());

    /** How callers say who they are. */
    public sealed interface Authentication {
        /** They do not: being on this machine lets them in. */
        record None() implements Authentication {}

        /**
         * By a bearer token that an issuer signed.
         *
         * @param keys where the issuer publishes its keys (a JWK set)
         * @param issuer the claim {@code iss}, exactly
         * @param audiences one of which the claim {@code aud} must hold: a UAA names there what the token's scopes begin with
         * @param authorities PEM file of certificate authorities that are trusted besides the JDK's when keys are fetched
         */
        record Jwt(URI keys, String issuer, Set<String> audiences, Optional<Path> authorities)
                implements Authentication {}
    }

    /**
     * What one caller may ask.
     *
     * @param requests a second
     * @param burst requests at once by one who asked nothing for a while
     */
    public record Rate(int requests, int burst) {}

    public boolean isOpen() {
        return authentication instanceof Authentication.None;
    }
}
