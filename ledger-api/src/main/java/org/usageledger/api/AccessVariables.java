package org.usageledger.api;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.access.AccessSettings;
import org.usageledger.api.access.AccessSettings.Authentication;
import org.usageledger.api.access.AccessSettings.Rate;
import org.usageledger.api.tls.ServerTls;

/** Who may, read from environment variables. */
record AccessVariables(Variables variables) {
    private static final int MOST_REQUESTS = 1_000_000;

    /** @throws StartRefused if it cannot be read or is not enough */
    AccessSettings access() {
        refuseUnheeded();
        String authentication = variables.text("LEDGER_AUTH", "none");
        return switch (authentication) {
            case "none" -> new AccessSettings(new Authentication.None(), rate());
            case "jwt" -> new AccessSettings(jwt(), rate());
            default -> throw new StartRefused("LEDGER_AUTH is \"" + authentication + "\": set it to none or jwt.");
        };
    }

    /** Whoever says where keys are, and not that tokens are asked for, believes that they are. */
    private void refuseUnheeded() {
        if (variables.text("LEDGER_AUTH").isEmpty()) {
            Stream.of("LEDGER_JWKS_URL", "LEDGER_ISSUER", "LEDGER_AUDIENCE")
                    .filter(name -> variables.text(name).isPresent())
                    .findFirst()
                    .ifPresent(name -> {
                        throw new StartRefused(
                                name + " is set, but LEDGER_AUTH is not, so that nobody would be asked for a"
                                        + " token: set LEDGER_AUTH to jwt, or to none if that is what you want.");
                    });
        }
    }

    private Authentication jwt() {
        return new Authentication.Jwt(
                keys(needed(
                        "LEDGER_JWKS_URL", "the address of the issuer's keys, such as https://uaa.example/token_keys")),
                needed("LEDGER_ISSUER", "the issuer as its tokens name it, such as https://uaa.example/oauth/token"),
                audiences(
                        needed(
                                "LEDGER_AUDIENCE",
                                "for whom its tokens are, such as usage_ledger,cloud_controller: with a UAA what scopes begin with")),
                variables.text("LEDGER_CA").map(Path::of));
    }

    private static Set<String> audiences(String text) {
        Set<String> audiences = Arrays.stream(text.split("[,\\s]+", -1))
                .filter(audience -> !audience.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        if (audiences.isEmpty()) {
            throw new StartRefused(
                    "LEDGER_AUDIENCE names nobody: set it to names such as usage_ledger,cloud_controller.");
        }
        return audiences;
    }

    private String needed(String name, String what) {
        return variables
                .text(name)
                .orElseThrow(() -> new StartRefused("With LEDGER_AUTH=jwt, " + name + " has to be set: " + what + "."));
    }

    /** Whoever could change the keys on their way could make tokens. */
    private static URI keys(String text) {
        try {
            URI uri = new URI(text).parseServerAuthority();
            boolean safe = "https".equalsIgnoreCase(uri.getScheme())
                    || ("http".equalsIgnoreCase(uri.getScheme()) && isLoopback(uri.getHost()));
            if (safe && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // Refused like an address of another kind.
        }
        throw new StartRefused("LEDGER_JWKS_URL is no https://HOST/PATH without a password in it, nor http:// on a"
                + " loopback address: keys that could be changed on their way prove nothing.");
    }

    private static boolean isLoopback(@Nullable String host) {
        try {
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private Optional<Rate> rate() {
        int requests = variables.number("LEDGER_RATE_LIMIT", 0, 0, MOST_REQUESTS);
        int burst = variables.number("LEDGER_RATE_BURST", Math.max(1, 2 * requests), 1, 2 * MOST_REQUESTS);
        return requests == 0 ? Optional.empty() : Optional.of(new Rate(requests, burst));
    }

    Optional<ServerTls> tls() {
        Optional<Path> certificate = variables.text("LEDGER_TLS_CERTIFICATE").map(Path::of);
        Optional<Path> key = variables.text("LEDGER_TLS_KEY").map(Path::of);
        if (certificate.isPresent() != key.isPresent()) {
            throw new StartRefused("LEDGER_TLS_CERTIFICATE and LEDGER_TLS_KEY go together: set both or neither.");
        }
        return certificate.flatMap(shown -> key.map(secret -> new ServerTls(shown, secret)));
    }
}
