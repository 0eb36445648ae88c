package org.usageledger.api.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a token is one that the issuer signed for this service and that holds now. No key, address or algorithm is taken from the token
 * itself: of its header only the algorithm and the key's id choose among what the issuer publishes.
 */
final class TokenCheck implements AutoCloseable {
    /** By which the clocks of the issuer and of this service may differ. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    private final IssuerKeys keys;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    TokenCheck(AccessSettings.Authentication.Jwt settings, IssuerKeys keys) {
        this.keys = keys;
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                settings.audiences(),
                new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                Set.of("exp"),
                Set.of());
        claims.setMaxClockSkew((int) CLOCK_SKEW.toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(keys);
    }

    Verdict check(String token, String address) {
        try {
            return verdict(processor.process(SignedJWT.parse(token), null), address);
        } catch (KeySourceException e) {
            return new Verdict.KeysUnavailable(IssuerKeys.FETCH_INTERVAL);
        } catch (ExpiredJWTException e) {
            return new Verdict.Refused("The token has expired.");
        } catch (BadJWTException e) {
            return new Verdict.Refused(
                    "The token was issued for another service, by another issuer, or for another time.");
        } catch (BadJOSEException | JOSEException e) {
            return new Verdict.Refused("The token is not signed by a key of the issuer.");
        } catch (ParseException | IllegalArgumentException e) {
            return new Verdict.Refused("The token is no signed JSON Web Token.");
        }
    }

    private static Verdict verdict(JWTClaimsSet claims, String address) {
        Optional<String> subject = name(claims.getClaim("sub"));
        Optional<String> client = Stream.of("client_id", "cid", "azp")
                .flatMap(claim -> name(claims.getClaim(claim)).stream())
                .findFirst();
        Caller caller = new Caller(subject, client, address, scopes(claims.getClaim("scope")));
        return caller.isKnown()
                ? new Verdict.Known(caller)
                : new Verdict.Refused("The token names neither a subject nor a client.");
    }

    private static Optional<String> name(@Nullable Object claim) {
        return Optional.ofNullable(claim instanceof String text ? text : null)
                .map(text -> Caller.bounded(text, Caller.NAME_CHARACTERS))
                .filter(text -> !text.isBlank());
    }

    /** An array, as a UAA has it, or one text with spaces between (RFC 8693). */
    private static Set<String> scopes(@Nullable Object claim) {
        Collection<?> held = switch (claim) {
            case String text -> List.of(text.split(" ", -1));
            case Collection<?> list -> list;
            case null, default -> List.of();
        };
        return held.stream()
                .filter(Objects::nonNull)
                .map(Object::toString)
                .filter(Permission.KNOWN_SCOPES::contains)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        keys.close();
    }
}
