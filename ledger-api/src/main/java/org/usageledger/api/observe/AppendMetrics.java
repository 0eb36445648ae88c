package org.usageledger.api.observe;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.Map;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Lifecycle;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Appended;

/** What the appender did. */
final class AppendMetrics {
    /** Shown in place of a state that no lifecycle declares: what the platform may send has no end. */
    private static final String UNDECLARED = "undeclared";

    private final Histogram transactionSeconds;
    private final Histogram transactionEvents;
    private final Histogram transactionRequests;
    private final Histogram requestSeconds;
    private final Counter events;
    private final Counter suppressed;
    private final Counter released;

    AppendMetrics(Metrics metrics) {
        transactionSeconds = metrics.seconds(
                "ledger_append_transaction_seconds", "From the beginning of a transaction until it is durable.");
        transactionEvents = metrics.sizes("ledger_append_transaction_events", "Events that one transaction recorded.");
        transactionRequests =
                metrics.sizes("ledger_append_transaction_requests", "Requests that one transaction carried.");
        requestSeconds = metrics.seconds(
                "ledger_append_request_seconds", "From handing a request to the appender until its answer.", "result");
        events = metrics.counter(
                "ledger_events_recorded", "Events recorded by this node, by kind and state.", "kind", "state");
        suppressed = metrics.counter("ledger_suppressed_stops", "Task stops kept aside by this node.", "reason");
        released = metrics.counter(
                "ledger_released_stops", "Task stops kept aside before and recorded after all by this node.");
    }

    void committed(Appended transaction) {
        transactionSeconds.observe(Metrics.seconds(transaction.took()));
        transactionEvents.observe(transaction.events());
        transactionRequests.observe(transaction.requests());
        transaction.states().forEach(this::count);
        transaction
                .suppressed()
                .forEach((reason, stops) ->
                        suppressed.labelValues(reason.label()).inc(stops));
        released.inc(transaction.released());
    }

    private void count(EventKind kind, Map<String, Integer> states) {
        states.forEach((state, count) -> {
            boolean declared = Lifecycle.declaring(kind, state).isPresent();
            events.labelValues(kind.label(), declared ? state : UNDECLARED).inc(count);
        });
    }

    void answered(AppendResult result, Duration took) {
        requestSeconds.labelValues(label(result)).observe(Metrics.seconds(took));
    }

    private static String label(AppendResult result) {
        return switch (result) {
            case AppendResult.Done _ -> "done";
            case AppendResult.Refused _ -> "refused";
            case AppendResult.Fenced _ -> "fenced";
            case AppendResult.NodeExpunged _ -> "expunged";
            case AppendResult.Overloaded _ -> "overloaded";
            case AppendResult.Failed _ -> "failed";
            case AppendResult.Unknown _ -> "unknown";
        };
    }
}
