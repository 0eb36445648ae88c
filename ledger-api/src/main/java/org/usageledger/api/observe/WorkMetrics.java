package org.usageledger.api.observe;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import org.usageledger.jobs.ExecutionState;
import org.usageledger.jobs.JobObserver;
import org.usageledger.projection.FoldObserver;

/** What projections and jobs did on this node. */
final class WorkMetrics {
    private final Histogram windowSeconds;
    private final Histogram windowEvents;
    private final Histogram stepSeconds;
    private final Counter attempts;
    private final Counter ended;

    WorkMetrics(Metrics metrics) {
        windowSeconds = metrics.seconds(
                "ledger_projection_window_seconds",
                "From the beginning of a window until it is in a projection's rows for good.",
                "projection");
        windowEvents = metrics.sizes(
                "ledger_projection_window_events", "Positions that one window brought forward.", "projection");
        stepSeconds = metrics.seconds("ledger_job_step_seconds", "One transaction of an execution.", "job", "result");
        attempts = metrics.counter(
                "ledger_job_attempts", "Attempts to carry out executions that ended on this node.", "job", "result");
        ended = metrics.counter(
                "ledger_executions_ended", "Executions that this node brought to their end.", "job", "outcome");
    }

    void folded(FoldObserver.Folded window) {
        windowSeconds.labelValues(window.projection()).observe(Metrics.seconds(window.took()));
        windowEvents.labelValues(window.projection()).observe((double)
                window.window().size());
    }

    void worked(JobObserver.Work work) {
        stepSeconds.labelValues(work.job(), work.failed() ? "failed" : "done").observe(Metrics.seconds(work.took()));
    }

    void ended(String job, ExecutionState outcome) {
        ended.labelValues(job, outcome.label()).inc();
    }

    void attempted(String job, JobObserver.Attempt how) {
        attempts.labelValues(job, how.label()).inc();
    }
}
