package org.usageledger.api.observe;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.Optional;
import org.usageledger.api.http.ProblemType;

/** What was asked of the service over HTTP. */
final class HttpMetrics {
    private final Histogram seconds;
    private final Counter requests;
    private final Counter refused;

    HttpMetrics(Metrics metrics) {
        seconds = metrics.seconds(
                "ledger_http_request_seconds",
                "From a request's headers until its answer begins, its waits for news included.",
                "method",
                "route");
        requests = metrics.counter("ledger_http_requests", "Requests that were answered.", "method", "route", "status");
        refused = metrics.counter("ledger_http_problems", "Answers that are a problem, by its type.", "problem");
    }

    void answered(Route route, int status, Optional<ProblemType> problem, Duration took) {
        seconds.labelValues(route.method(), route.path()).observe(Metrics.seconds(took));
        requests.labelValues(route.method(), route.path(), String.valueOf(status))
                .inc();
        problem.ifPresent(type -> refused.labelValues(type.label()).inc());
    }
}
