package org.usageledger.api.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where nobody has to say who they are, being on this machine is what lets a request in. A browser on it would carry in what a foreign
 * page sends: by a name that the page's owner points at this machine, which the header Host shows, or across origins, which the header
 * Origin shows. A proxy on it would carry in what anybody sends, which its own headers show.
 */
@Requires(property = ForeignFilter.GUARDS, value = "true")
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
public final class ForeignFilter implements Ordered {
    /** The property that switches it on. Where tokens are asked for it is off: a browser sends none that it was not given. */
    public static final String GUARDS = "ledger.refuse-foreign";

    /** The property that holds the name or address under which the service was told to listen. */
    public static final String OWN_NAME = "ledger.own-name";

    /** After what sees every request, refused or not. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 50;

    private final String bind;

    ForeignFilter(@Value("${" + OWN_NAME + "}") String bind) {
        this.bind = bind;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> refuseForeign(HttpRequest<?> request) {
        Optional<String> relay = request.getHeaders().names().stream()
                .filter(ForeignFilter::isOfRelay)
                .findFirst();
        if (relay.isPresent()) {
            return refusal(
                    "The header " + Query.shown(relay.get())
                            + " says that this was sent on for somebody else, whom nobody knows here; set LEDGER_AUTH to jwt for that.");
        }
        List<String> hosts = request.getHeaders().getAll(HttpHeaders.HOST);
        if (hosts.size() != 1 || !isOwn(hosts.getFirst())) {
            return refusal("The header Host is \"" + Query.shown(String.join(", ", hosts))
                    + "\"; address the service as localhost, 127.0.0.1, [::1] or " + bind + ".");
        }
        List<String> origins = request.getHeaders().getAll(HttpHeaders.ORIGIN);
        boolean foreign = origins.stream().anyMatch(origin -> !isOf(origin, hosts.getFirst()));
        return foreign
                ? refusal("The header Origin is \"" + Query.shown(String.join(", ", origins))
                        + "\"; pages of another origin are not served.")
                : null;
    }

    /** Who is in front of the service on this machine would lend everybody its place. */
    private static boolean isOfRelay(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return name.equals("forwarded") || name.equals("via") || name.startsWith("x-forwarded-");
    }

    private static HttpResponse<?> refusal(String detail) {
        return Problem.of(ProblemType.FOREIGN_REQUEST, detail).answer();
    }

    private boolean isOwn(String authority) {
        return host(authority)
                .filter(host -> host.equalsIgnoreCase(bind) || host.equalsIgnoreCase("localhost") || isLoopback(host))
                .isPresent();
    }

    private static Optional<String> host(String authority) {
        try {
            return Optional.ofNullable(new URI("http://" + authority).parseServerAuthority())
                    .filter(uri -> authority.equals(uri.getRawAuthority()) && uri.getRawUserInfo() == null)
                    .map(URI::getHost)
                    .map(host -> host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /** Only what is an address as it stands: a name could be looked up elsewhere than the browser did. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isOf(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }
}
