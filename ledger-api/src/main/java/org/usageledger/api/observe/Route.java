package org.usageledger.api.observe;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.UriRouteMatch;

/**
 * What a request is for, in words that a sender cannot add to.
 *
 * @param path with the names of its variables; {@code unmatched} where nothing is served
 */
record Route(String method, String path) {
    private static final String UNMATCHED = "unmatched";
    private static final String OTHER = "OTHER";

    static Route of(HttpRequest<?> request) {
        String path = RouteAttributes.getRouteMatch(request)
                .filter(UriRouteMatch.class::isInstance)
                .map(match -> ((UriRouteMatch<?, ?>) match)
                        .getRouteInfo()
                        .getUriMatchTemplate()
                        .toPathString())
                .orElse(UNMATCHED);
        HttpMethod method = request.getMethod();
        return new Route(method == HttpMethod.CUSTOM ? OTHER : method.name(), path);
    }
}
