package org.usageledger.api.http;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Refuses parameters that a route does not know: a misspelt one would otherwise silently change what is asked. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ParameterFilter {

    @RequestFilter
    @Nullable
    HttpResponse<?> refuseUnknown(HttpRequest<?> request) {
        if (request.getMethod() == HttpMethod.OPTIONS) {
            return null;
        }
        return RouteAttributes.getRouteMatch(request)
                .map(route -> List.of(route.getAnnotationMetadata().stringValues(Accepts.class)))
                .flatMap(accepted -> request.getParameters().names().stream()
                        .filter(name -> !accepted.contains(name))
                        .findFirst()
                        .map(name -> refusal(name, accepted).answer()))
                .orElse(null);
    }

    private static Problem refusal(String name, List<String> accepted) {
        String known = accepted.isEmpty()
                ? "This route takes no query parameters."
                : "Known here: " + accepted.stream().sorted().collect(Collectors.joining(", ")) + ".";
        return Problem.of(
                ProblemType.BAD_PARAMETER,
                "There is no query parameter \"" + name + "\". " + known,
                json -> json.writeStringField("parameter", name));
    }
}
