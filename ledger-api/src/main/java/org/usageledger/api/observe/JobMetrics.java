package org.usageledger.api.observe;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.usageledger.jobs.JobNode;
import org.usageledger.jobs.Unwell;
import org.usageledger.jobs.recovery.RecoveryReport;
import org.usageledger.jobs.recovery.Tally;
import org.usageledger.jobs.recovery.Tally.Count;
import org.usageledger.tasks.Totals;

/** What jobs, nodes, background tasks and schedules come to. */
final class JobMetrics {
    private final Metrics metrics;
    private final Observed parts;
    private final Health health;

    private JobMetrics(Metrics metrics, Observed parts, Health health) {
        this.metrics = metrics;
        this.parts = parts;
        this.health = health;
    }

    static void show(Metrics metrics, Observed parts, Health health) {
        JobMetrics all = new JobMetrics(metrics, parts, health);
        all.executions();
        all.recovery();
        all.tasks();
        all.others();
    }

    private void executions() {
        stored(
                "ledger_executions",
                "Executions that have not ended.",
                (known, shown) -> known.executions()
                        .forEach((job, states) ->
                                states.forEach((state, count) -> shown.call((double) count, job, state.label()))),
                "job",
                "state");
        stored(
                "ledger_executions_unwell",
                "Executions that somebody has to look at.",
                (known, shown) -> counted(known)
                        .forEach((job, reasons) ->
                                reasons.forEach((reason, count) -> shown.call((double) count, job, reason.label()))),
                "job",
                "reason");
        metrics.counted(
                "ledger_executions_forgotten",
                "Executions that this node forgot, long after their end.",
                parts.forgetting()::forgotten);
    }

    /** Every job of this node with every reason, so that one that is over is 0. */
    private Map<String, Map<Unwell.Reason, Long>> counted(Health.Stored known) {
        Map<String, Map<Unwell.Reason, Long>> counts = new TreeMap<>();
        parts.jobs().names().forEach(job -> counts.put(job, new TreeMap<>()));
        known.unwell()
                .forEach(one ->
                        counts.computeIfAbsent(one.job(), _ -> new TreeMap<>()).merge(one.reason(), 1L, Long::sum));
        counts.values()
                .forEach(reasons ->
                        Arrays.stream(Unwell.Reason.values()).forEach(reason -> reasons.putIfAbsent(reason, 0L)));
        return counts;
    }

    private void recovery() {
        JobNode node = parts.node();
        metrics.counted(
                "ledger_recovered_executions",
                "Executions that this node took up again after it had ended, or took over from another.",
                "how",
                () -> tallied(node.report(), Count.RECOVERED, Count.TAKEN_OVER));
        metrics.counted(
                "ledger_recovery_failures",
                "Looks for executions, and attempts at them, that failed on this node.",
                "what",
                () -> Map.of(
                        "listing", node.report().alarms().listingFailures(),
                        "attempt", node.report().alarms().attemptFailures()));
        metrics.counted(
                "ledger_recovery_defects",
                "What the bookkeeping of executions must never find.",
                "defect",
                () -> defects(node.report()));
    }

    private static Map<String, Long> tallied(RecoveryReport report, Count... counts) {
        Tally tally = report.counts().tally();
        return Arrays.stream(counts).collect(Collectors.toMap(Count::label, tally::of));
    }

    private static Map<String, Long> defects(RecoveryReport report) {
        Map<String, Long> defects = new TreeMap<>(tallied(report, Count.CLAIMED_WITHOUT_LOCAL));
        defects.put("missing", report.alarms().missing());
        defects.put("listing_bug", report.alarms().listingBug());
        defects.put("unreadable", report.alarms().unreadable());
        return defects;
    }

    private void tasks() {
        totals(
                "ledger_task_activations",
                "Activations of background tasks that ended on this node.",
                Totals::completions);
        totals("ledger_task_failures", "Those of them that failed.", Totals::failures);
        metrics.gauge(
                "ledger_task_last_success_seconds",
                "How long ago a background task last ended well on this node; since its start if it never did.",
                shown -> parts.node()
                        .tasks()
                        .ifPresent(driver ->
                                driver.sinceSuccess().forEach((task, age) -> shown.call(Metrics.seconds(age), task))),
                "task");
    }

    private void totals(String name, String help, Function<Totals, Long> count) {
        metrics.counted(
                name,
                help,
                "task",
                () -> parts.node()
                        .tasks()
                        .map(driver -> driver.totals().entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, one -> count.apply(one.getValue()))))
                        .orElse(Map.of()));
    }

    private void others() {
        stored(
                "ledger_nodes",
                "Nodes of this database.",
                (known, shown) -> known.nodes().forEach((state, count) -> shown.call((double) count, state)),
                "state");
        stored(
                "ledger_schedule_late_seconds",
                "How long the first due time of a schedule that is not served has been so.",
                (known, shown) -> known.schedules()
                        .forEach(one -> shown.call(
                                Metrics.seconds(one.late()), one.schedule().job())),
                "job");
        stored(
                "ledger_schedule_problems",
                "Schedules that this node cannot read.",
                (known, shown) -> shown.call((double) known.schedules().stream()
                        .filter(one -> one.problem().isPresent())
                        .count()));
    }

    /** Absent while the database does not answer. */
    private void stored(
            String name, String help, BiConsumer<Health.Stored, GaugeWithCallback.Callback> values, String... labels) {
        metrics.gauge(
                name, help, shown -> health.report().stored().ifPresent(known -> values.accept(known, shown)), labels);
    }
}
