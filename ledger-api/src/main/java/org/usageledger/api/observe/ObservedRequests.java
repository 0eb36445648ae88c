package org.usageledger.api.observe;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.time.Duration;
import org.usageledger.api.http.Problem;

/** Sees every request first and its answer last, whoever refuses it in between. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ObservedRequests implements Ordered {
    private static final String BEGAN = "ledger.began-nanos";

    private final Observation observation;

    ObservedRequests(Observation observation) {
        this.observation = observation;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @RequestFilter
    void began(HttpRequest<?> request) {
        request.setAttribute(BEGAN, System.nanoTime());
    }

    @ResponseFilter
    void answered(HttpRequest<?> request, HttpResponse<?> response) {
        long began = request.getAttribute(BEGAN, Long.class).orElseGet(System::nanoTime);
        observation
                .http()
                .answered(
                        Route.of(request),
                        response.code(),
                        Problem.typeOf(response),
                        Duration.ofNanos(System.nanoTime() - began));
    }
}
