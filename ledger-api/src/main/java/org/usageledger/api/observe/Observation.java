package org.usageledger.api.observe;

import java.time.Duration;
import org.usageledger.jobs.JobObserver;
import org.usageledger.log.AppendObserver;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Appended;
import org.usageledger.projection.FoldObserver;

/** Counts what one ledger does. */
public final class Observation {
    private final Metrics metrics = new Metrics();
    private final HttpMetrics http = new HttpMetrics(metrics);
    private final AppendMetrics appending = new AppendMetrics(metrics);
    private final WorkMetrics working = new WorkMetrics(metrics);

    Metrics metrics() {
        return metrics;
    }

    HttpMetrics http() {
        return http;
    }

    /** Shows where the ledger stands as well. Once, when all parts are there. */
    public void show(Observed parts, Health health) {
        StateMetrics.show(metrics, parts, health);
    }

    /** For the appender. */
    public AppendObserver appends() {
        return new AppendObserver() {
            @Override
            public void committed(Appended transaction) {
                appending.committed(transaction);
            }

            @Override
            public void answered(AppendResult result, Duration took) {
                appending.answered(result, took);
            }
        };
    }

    /** For the projections. */
    public FoldObserver folds() {
        return working::folded;
    }

    /**
     * For whoever carries out executions.
     *
     * @param onStopped run when it finds that another service has its name
     */
    public JobObserver jobs(Runnable onStopped) {
        return new JobObserver() {
            @Override
            public void stopped() {
                onStopped.run();
            }

            @Override
            public void worked(Work work) {
                working.worked(work);
            }

            @Override
            public void attempted(String job, Attempt how) {
                working.attempted(job, how);
            }
        };
    }
}
