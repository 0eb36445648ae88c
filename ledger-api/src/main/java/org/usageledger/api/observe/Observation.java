package org.usageledger.api.observe;

import java.time.Duration;
import org.usageledger.jobs.ExecutionState;
import org.usageledger.jobs.JobObserver;
import org.usageledger.log.AppendObserver;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Appended;
import org.usageledger.projection.FoldObserver;

/** Counts and traces what one ledger does. */
public final class Observation implements AutoCloseable {
    private final Metrics metrics = new Metrics();
    private final HttpMetrics http = new HttpMetrics(metrics);
    private final AppendMetrics appending = new AppendMetrics(metrics);
    private final WorkMetrics working = new WorkMetrics(metrics);
    private final Tracing tracing;

    /**
     * Begins with nothing counted.
     *
     * @param node its name, with which spans are sent
     */
    public Observation(TraceSettings traces, String node, String version) {
        tracing = Tracing.of(traces, node, version);
    }

    Metrics metrics() {
        return metrics;
    }

    HttpMetrics http() {
        return http;
    }

    Tracing tracing() {
        return tracing;
    }

    /** Shows where the ledger stands as well. Once, when all parts are there. */
    public void show(Observed parts, Health health) {
        StateMetrics.show(metrics, parts, health);
    }

    /** For the appender. */
    public AppendObserver appends() {
        return new AppendObserver() {
            @Override
            public Carried carried() {
                return tracing.carried();
            }

            @Override
            public void committed(Appended transaction) {
                appending.committed(transaction);
                tracing.committed(transaction);
            }

            @Override
            public void answered(AppendResult result, Duration took) {
                appending.answered(result, took);
            }
        };
    }

    /** For the projections. */
    public FoldObserver folds() {
        return window -> {
            working.folded(window);
            tracing.folded(window);
        };
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
                tracing.worked(work);
            }

            @Override
            public void attempted(String job, Attempt how) {
                working.attempted(job, how);
            }

            @Override
            public void ended(String job, ExecutionState how) {
                working.ended(job, how);
            }
        };
    }

    /** Sends what is left of spans, for a moment. */
    @Override
    public void close() {
        tracing.close();
    }
}
