package org.usageledger.api.observe;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.usageledger.api.observe.Degraded.Part;
import org.usageledger.api.observe.Observed.PoolUse;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;

/** Where a ledger stands, read when it is asked for: from memory, or from a look at the database that is a second old at most. */
final class StateMetrics {
    private final Metrics metrics;
    private final Observed parts;
    private final Health health;

    private StateMetrics(Metrics metrics, Observed parts, Health health) {
        this.metrics = metrics;
        this.parts = parts;
        this.health = health;
    }

    static void show(Metrics metrics, Observed parts, Health health) {
        StateMetrics all = new StateMetrics(metrics, parts, health);
        all.node();
        all.appender();
        all.log();
        all.projections();
        all.database();
        JobMetrics.show(metrics, parts, health);
    }

    private void node() {
        metrics.gauge(
                "ledger_node",
                "The node and its version; always 1.",
                shown -> shown.call(1, parts.name(), parts.version()),
                "node",
                "version");
        metrics.gauge(
                "ledger_degraded_seconds",
                "How long a part has not worked as it should; 0 while it does.",
                shown -> {
                    Health.Report report = health.report();
                    for (Part part : Part.values()) {
                        shown.call(Metrics.seconds(report.lasting(part)), part.label());
                    }
                },
                "part");
    }

    private void appender() {
        LogAppender appender = parts.appender();
        metrics.gauge(
                "ledger_append_queue_events",
                "Events that wait for a transaction.",
                shown -> shown.call((double) appender.status().queuedEvents()));
        metrics.gauge(
                "ledger_append_queue_bytes",
                "Bytes of the events that wait for a transaction.",
                shown -> shown.call((double) appender.status().queuedBytes()));
        metrics.counted(
                "ledger_commits_in_doubt",
                "Commits whose outcome had to be found out.",
                () -> appender.status().inDoubt());
    }

    private void log() {
        HeadWatch watch = parts.watch();
        metrics.gauge(
                "ledger_head_position",
                "The newest position as last seen.",
                shown -> shown.call((double) watch.visible()));
        metrics.gauge(
                "ledger_confirmed_position",
                "The position that readers may go up to.",
                shown -> shown.call((double) watch.head()));
        metrics.gauge(
                "ledger_readers_waiting",
                "Readers of this node that wait for news.",
                shown -> shown.call(watch.waiting()));
        metrics.gauge(
                "ledger_followers",
                "Readers of this node that follow the log as a stream.",
                shown -> shown.call(parts.tail().followers()));
        stored(
                "ledger_epoch",
                "The number of the current history.",
                (known, shown) -> shown.call(known.horizon().epoch()));
        stored(
                "ledger_pruned_position",
                "The highest position that was ever pruned.",
                (known, shown) -> shown.call((double) known.horizon().prunedUpTo()));
        stored(
                "ledger_hold_position",
                "What is after this position is still needed by the hold's owner.",
                (known, shown) -> known.holds().forEach(hold -> shown.call((double) hold.position(), hold.name())),
                "hold");
    }

    private void projections() {
        stored(
                "ledger_projection_position",
                "Everything up to this position is in the projection.",
                (known, shown) -> known.projections()
                        .forEach(projection -> shown.call((double) projection.position(), projection.projection())),
                "projection");
        stored(
                "ledger_projection_lag_positions",
                "Positions of the log that the projection lacks.",
                (known, shown) -> known.projections()
                        .forEach(projection -> shown.call((double) projection.lag(), projection.projection())),
                "projection");
        stored(
                "ledger_projection_lag_seconds",
                "How long the first event that the projection lacks has been on record.",
                (known, shown) -> known.lateness().forEach((name, late) -> shown.call(Metrics.seconds(late), name)),
                "projection");
    }

    private void database() {
        pool("ledger_database_connections_active", "Connections in use.", PoolUse::active);
        pool("ledger_database_connections_idle", "Open connections that nobody uses.", PoolUse::idle);
        pool("ledger_database_connections_waiting", "Threads that wait for a connection.", PoolUse::waiting);
        pool("ledger_database_connections_most", "Connections that there may be.", PoolUse::most);
    }

    private void pool(String name, String help, ToDoubleFunction<PoolUse> value) {
        metrics.gauge(
                name,
                help,
                shown -> parts.pools().stream()
                        .map(Supplier::get)
                        .forEach(use -> shown.call(value.applyAsDouble(use), use.pool())),
                "pool");
    }

    /** Absent while the database does not answer. */
    private void stored(
            String name, String help, BiConsumer<Health.Stored, GaugeWithCallback.Callback> values, String... labels) {
        metrics.gauge(
                name, help, shown -> health.report().stored().ifPresent(known -> values.accept(known, shown)), labels);
    }
}
