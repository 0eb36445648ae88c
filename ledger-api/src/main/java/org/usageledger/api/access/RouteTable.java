package org.usageledger.api.access;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import io.micronaut.web.router.UriRouteMatch;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What every route asks of its caller. A route that does not stand here is not served: the service refuses to start with one, and answers
 * as if there were none.
 */
public final class RouteTable {
    private static final Map<String, Permission> ENTRIES = Map.ofEntries(
            Map.entry("GET /", Permission.ANYONE),
            Map.entry("GET /openapi", Permission.ANYONE),
            Map.entry("GET /openapi/page/{name}", Permission.ANYONE),
            Map.entry("GET /health/liveness", Permission.ANYONE),
            Map.entry("GET /health/readiness", Permission.ANYONE),
            Map.entry("GET /health", Permission.READ),
            Map.entry("GET /prometheus", Permission.READ),
            Map.entry("GET /v1/events", Permission.READ),
            Map.entry("GET /v1/events/stream", Permission.READ),
            Map.entry("GET /v1/events/{position}", Permission.READ),
            Map.entry("GET /v1/suppressed", Permission.READ),
            Map.entry("GET /v1/running", Permission.READ),
            Map.entry("GET /v1/running/summary", Permission.READ),
            Map.entry("POST /v1/events", Permission.WRITE),
            Map.entry("GET /v1/jobs", Permission.ADMIN),
            Map.entry("GET /v1/jobs/{name}", Permission.ADMIN),
            Map.entry("POST /v1/jobs/{name}/activate", Permission.ADMIN),
            Map.entry("POST /v1/jobs/{name}/executions", Permission.ADMIN),
            Map.entry("GET /v1/schedules", Permission.ADMIN),
            Map.entry("PUT /v1/jobs/{name}/schedule", Permission.ADMIN),
            Map.entry("DELETE /v1/jobs/{name}/schedule", Permission.ADMIN),
            Map.entry("GET /v1/executions", Permission.ADMIN),
            Map.entry("GET /v1/executions/{id}", Permission.ADMIN),
            Map.entry("POST /v1/executions/{id}/cancel", Permission.ADMIN),
            Map.entry("POST /v1/executions/{id}/abandon", Permission.ADMIN),
            Map.entry("GET /v1/nodes", Permission.ADMIN),
            Map.entry("GET /v1/nodes/{id}", Permission.ADMIN),
            Map.entry("POST /v1/nodes/{id}/quiesce", Permission.ADMIN),
            Map.entry("POST /v1/nodes/{id}/expunge", Permission.ADMIN),
            Map.entry("GET /v1/tasks", Permission.ADMIN),
            Map.entry("GET /v1/tasks/{name}", Permission.ADMIN),
            Map.entry("POST /v1/tasks/{name}/activate", Permission.ADMIN),
            Map.entry("GET /v1/audit", Permission.ADMIN));

    private static final Set<String> PROBES = Set.of("GET /health/liveness", "GET /health/readiness");

    private RouteTable() {}

    /** By method and path template, such as {@code GET /v1/events}; HEAD asks what GET asks. */
    public static Map<String, Permission> entries() {
        return ENTRIES;
    }

    /**
     * Refuses a service with a route that nobody decided on.
     *
     * @throws IllegalStateException naming the routes
     */
    public static void check(Router router) {
        String missing = router.uriRoutes()
                .map(RouteTable::name)
                .filter(name -> !ENTRIES.containsKey(name))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new IllegalStateException("nobody decided who may use " + missing);
        }
    }

    /** The route that a request is for; empty if it is for none that stands here. */
    static Optional<Asked> asked(HttpRequest<?> request) {
        return RouteAttributes.getRouteMatch(request)
                .filter(UriRouteMatch.class::isInstance)
                .map(match -> name(((UriRouteMatch<?, ?>) match).getRouteInfo()))
                .flatMap(name -> Optional.ofNullable(ENTRIES.get(name)).map(needed -> new Asked(name, needed)));
    }

    /** Whether a request is for a route at all. */
    static boolean isMatched(HttpRequest<?> request) {
        return RouteAttributes.getRouteMatch(request).isPresent();
    }

    /** @param route by method and path template */
    record Asked(String route, Permission needed) {
        /** Whether it keeps the service running or sends requests elsewhere: turned away, it would do so without need. */
        boolean isProbe() {
            return PROBES.contains(route);
        }

        /** Whether it is for something to be done that operators answer for. */
        boolean isAdministrativeAct() {
            return needed == Permission.ADMIN && !route.startsWith("GET ");
        }
    }

    private static String name(UriRouteInfo<?, ?> route) {
        String method = route.getHttpMethod() == HttpMethod.HEAD ? "GET" : route.getHttpMethodName();
        return method + " " + route.getUriMatchTemplate().toPathString();
    }
}
