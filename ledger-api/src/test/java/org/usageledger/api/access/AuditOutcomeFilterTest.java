package org.usageledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.Router;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.usageledger.api.LiveService;

class AuditOutcomeFilterTest {

    @Test
    void only_acts_that_operators_answer_for_are_followed_to_their_end() {
        try (LiveService ledger = LiveService.start()) {
            AuditOutcomeFilter filter = ledger.context().getBean(AuditOutcomeFilter.class);
            Router router = ledger.context().getBean(Router.class);
            Map<String, Boolean> followed = new TreeMap<>();
            RouteTable.entries()
                    .keySet()
                    .forEach(route -> followed.put(route, filter.isEnabled(request(router, route))));

            RouteTable.entries()
                    .forEach((route, needed) -> assertThat(followed)
                            .containsEntry(route, needed == Permission.ADMIN && !route.startsWith("GET ")));
            assertThat(followed).containsValue(true);
        }
    }

    private static HttpRequest<?> request(Router router, String route) {
        int space = route.indexOf(' ');
        String path = route.substring(space + 1).replaceAll("\\{\\w+}", "1");
        HttpRequest<?> request = HttpRequest.create(HttpMethod.valueOf(route.substring(0, space)), path);
        boolean hasBody = request.getMethod().permitsRequestBody() && request.getMethod() != HttpMethod.DELETE;
        RouteAttributes.setRouteMatch(
                request, Objects.requireNonNull(router.findClosest(hasBody ? json(request) : request), route));
        return request;
    }

    private static HttpRequest<?> json(HttpRequest<?> request) {
        return request.toMutableRequest().header("Content-Type", "application/json");
    }
}
