package org.usageledger.api.observe;

import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.time.Duration;
import org.usageledger.api.http.Problem;

/** Sees every request first and its answer last, whoever refuses it in between. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ObservedRequests implements Ordered {
    private static final String UNDER_WAY = "ledger.under-way";

    private final Observation observation;

    ObservedRequests(Observation observation) {
        this.observation = observation;
    }

    private record UnderWay(long beganNanos, Route route, RequestTrace trace) {}

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @RequestFilter
    void began(HttpRequest<?> request, MutablePropagatedContext context) {
        Route route = Route.of(request);
        RequestTrace trace = observation.tracing().begin(request, route);
        context.add(trace);
        request.setAttribute(UNDER_WAY, new UnderWay(System.nanoTime(), route, trace));
    }

    @ResponseFilter
    void answered(HttpRequest<?> request, MutableHttpResponse<?> response) {
        request.getAttribute(UNDER_WAY, UnderWay.class).ifPresent(underWay -> {
            response.header("traceresponse", underWay.trace().response());
            underWay.trace().end(response.code());
            Duration took = Duration.ofNanos(System.nanoTime() - underWay.beganNanos());
            observation.http().answered(underWay.route(), response.code(), Problem.typeOf(response), took);
        });
    }
}
