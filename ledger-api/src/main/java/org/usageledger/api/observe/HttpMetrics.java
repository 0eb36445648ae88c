package org.usageledger.api.observe;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.Optional;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.StreamObserver;

/** What was asked of the service over HTTP. */
final class HttpMetrics {
    private final Histogram seconds;
    private final Counter requests;
    private final Counter refused;
    private final Counter cutShort;

    HttpMetrics(Metrics metrics) {
        seconds = metrics.seconds(
                "ledger_http_request_seconds",
                "From a request's headers until its answer begins, its waits for news included.",
                "method",
                "route");
        requests = metrics.counter("ledger_http_requests", "Requests that were answered.", "method", "route", "status");
        refused = metrics.counter(
                "ledger_http_problems", "Answers that are a problem, or end with one, by its type.", "problem");
        cutShort = metrics.counter(
                "ledger_http_cut_short", "Streamed answers that were not written to their end.", "reason");
        for (StreamObserver.Cut why : StreamObserver.Cut.values()) {
            cutShort.initLabelValues(why.label());
        }
    }

    void answered(Route route, int status, Optional<ProblemType> problem, Duration took) {
        seconds.labelValues(route.method(), route.path()).observe(Metrics.seconds(took));
        requests.labelValues(route.method(), route.path(), String.valueOf(status))
                .inc();
        problem.ifPresent(this::refused);
    }

    void refused(ProblemType why) {
        refused.labelValues(why.label()).inc();
    }

    void cutShort(StreamObserver.Cut why) {
        cutShort.labelValues(why.label()).inc();
    }
}
