package org.usageledger.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.usageledger.jobs.JobNode;
import org.usageledger.log.Horizon;
import org.usageledger.log.LogAppender;
import org.usageledger.log.LogFault;
import org.usageledger.log.LogReader;
import org.usageledger.projection.ProjectionFault;
import org.usageledger.projection.ProjectionStatus;
import org.usageledger.projection.axon.ProjectionRunner;

/** How the service does. Looked up at most once a second, however many ask. */
final class Health {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final String PROJECTION_TROUBLE =
            "a projection does not come forward; the service's log has the cause";

    private final LogReader log;
    private final LogAppender appender;
    private final ProjectionRunner projections;
    private final JobNode node;
    private final Clock clock = Clock.systemUTC();
    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Report last;

    /**
     * One look.
     *
     * @param horizon empty if the database does not answer
     * @param degradedSince when the first look failed that none has succeeded after
     * @param problem why it is degraded; empty if it is not
     */
    record Report(
            Instant at,
            Optional<Horizon> horizon,
            LogAppender.Status appender,
            List<ProjectionStatus> projections,
            Optional<Instant> degradedSince,
            String problem) {
        boolean ready() {
            return horizon.isPresent();
        }
    }

    Health(LogReader log, LogAppender appender, ProjectionRunner projections, JobNode node) {
        this.log = log;
        this.appender = appender;
        this.projections = projections;
        this.node = node;
    }

    Report report() {
        Report known = last;
        if (known != null && isFresh(known)) {
            return known;
        }
        looking.lock();
        try {
            Report seen = last;
            if (seen != null && isFresh(seen)) {
                return seen;
            }
            Report report = look(seen);
            last = report;
            return report;
        } finally {
            looking.unlock();
        }
    }

    private boolean isFresh(Report report) {
        return clock.instant().isBefore(report.at().plus(FRESH));
    }

    private Report look(@Nullable Report before) {
        try {
            Horizon horizon = log.horizon();
            List<ProjectionStatus> statuses = projections.status();
            Optional<ProjectionStatus.Trouble> trouble = statuses.stream()
                    .flatMap(status -> status.trouble().stream())
                    .findFirst();
            Optional<JobNode.Stopped> stopped = node.stopped();
            return new Report(
                    clock.instant(),
                    Optional.of(horizon),
                    appender.status(),
                    statuses,
                    stopped.map(JobNode.Stopped::since).or(() -> trouble.map(ProjectionStatus.Trouble::since)),
                    stopped.map(JobNode.Stopped::reason)
                            .or(() -> trouble.map(_ -> PROJECTION_TROUBLE))
                            .orElse(""));
        } catch (LogFault | ProjectionFault e) {
            Instant now = clock.instant();
            Instant since = before == null ? now : before.degradedSince().orElse(now);
            return new Report(
                    now,
                    Optional.empty(),
                    appender.status(),
                    List.of(),
                    Optional.of(since),
                    "the database does not answer as it should");
        }
    }
}
