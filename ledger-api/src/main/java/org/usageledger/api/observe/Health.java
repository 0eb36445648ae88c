package org.usageledger.api.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.api.observe.Degraded.Part;
import org.usageledger.jobs.ExecutionState;
import org.usageledger.jobs.JobFault;
import org.usageledger.jobs.Unwell;
import org.usageledger.jobs.schedule.ScheduleView;
import org.usageledger.log.Hold;
import org.usageledger.log.Horizon;
import org.usageledger.log.LogAppender;
import org.usageledger.log.LogFault;
import org.usageledger.projection.ProjectionFault;
import org.usageledger.projection.ProjectionStatus;

/**
 * How the service does. The database is looked at at most once a second, however many ask and whatever for; whoever asks has an answer
 * soon, also if the database has none.
 */
public final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** Executions named in one sentence; all are in a listing. */
    private static final int NAMED = 5;

    private final Observed parts;
    private final Clock clock = Clock.systemUTC();
    private final ReentrantLock looking = new ReentrantLock();
    private final Look<Stored> look = new Look<>(this::stored);
    private volatile @Nullable Report last;

    /**
     * What only the database knows.
     *
     * @param lateness of each projection by name: how long what it lacks has been on record
     * @param executions that have not ended, by job and state
     * @param unwell executions that somebody has to look at, the oldest trouble first
     * @param nodes how many there are, by state
     */
    record Stored(
            Horizon horizon,
            List<ProjectionStatus> projections,
            Map<String, Duration> lateness,
            List<Hold> holds,
            Map<String, Map<ExecutionState, Long>> executions,
            List<Unwell> unwell,
            Map<String, Long> nodes,
            List<ScheduleView> schedules) {}

    /**
     * One look.
     *
     * @param stored empty if the database does not answer
     * @param degraded the oldest trouble first; empty if all is well
     */
    record Report(Instant at, Optional<Stored> stored, LogAppender.Status appender, List<Degraded> degraded) {
        boolean ready() {
            return stored.isPresent();
        }

        /** How long a part has not worked as it should, at the time of the look. */
        Duration lasting(Part part) {
            return since(part)
                    .map(since -> Duration.between(since, at))
                    .filter(Duration::isPositive)
                    .orElse(Duration.ZERO);
        }

        Optional<Instant> since(Part part) {
            return degraded.stream()
                    .filter(one -> one.part() == part)
                    .map(Degraded::since)
                    .findFirst();
        }
    }

    /** Looks when it is asked. */
    public Health(Observed parts) {
        this.parts = parts;
    }

    String version() {
        return parts.version();
    }

    /** Whether this node hands over, has, or is not the one of its name any more: requests are served and better sent elsewhere. */
    boolean leaves() {
        return parts.node().leaving().isPresent();
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
        Optional<Stored> stored = storedSoon(before);
        LogAppender.Status appender = parts.appender().status();
        Instant now = clock.instant();
        List<Degraded> degraded = new ArrayList<>();
        if (stored.isEmpty()) {
            degraded.add(Degraded.of(Part.DATABASE, since(before, Part.DATABASE, now)));
        }
        if (!parts.watch().fault().isEmpty()) {
            degraded.add(Degraded.of(Part.HEAD, since(before, Part.HEAD, now)));
        }
        parts.tail().failingSince().ifPresent(since -> degraded.add(Degraded.of(Part.STREAM, since)));
        appender.faultSince().ifPresent(since -> degraded.add(Degraded.of(Part.APPENDER, since)));
        stored.stream()
                .flatMap(known -> known.projections().stream())
                .flatMap(projection -> projection.trouble().stream())
                .map(ProjectionStatus.Trouble::since)
                .min(Comparator.naturalOrder())
                .ifPresent(since -> degraded.add(Degraded.of(Part.PROJECTION, since)));
        parts.node()
                .stopped()
                .ifPresent(stopped -> degraded.add(new Degraded(Part.NODE, stopped.since(), stopped.reason())));
        stored.map(Stored::unwell).filter(unwell -> !unwell.isEmpty()).ifPresent(unwell -> degraded.add(told(unwell)));
        degraded.sort(Comparator.comparing(Degraded::since));
        return new Report(now, stored, appender, List.copyOf(degraded));
    }

    private static Degraded told(List<Unwell> unwell) {
        String named = unwell.stream()
                .limit(NAMED)
                .map(one -> "execution " + one.execution() + " of " + one.job() + " "
                        + one.reason().text() + " (since " + one.since() + ")")
                .collect(Collectors.joining("; "));
        String more = unwell.size() > NAMED ? "; and " + (unwell.size() - NAMED) + " more" : "";
        return new Degraded(Part.EXECUTION, unwell.getFirst().since(), named + more);
    }

    private static Instant since(@Nullable Report before, Part part, Instant now) {
        return before == null ? now : before.since(part).orElse(now);
    }

    private Optional<Stored> storedSoon(@Nullable Report before) {
        try {
            return Optional.of(look.answer());
        } catch (LogFault | ProjectionFault | JobFault e) {
            if (before == null || before.ready()) {
                LOG.warn("the database does not answer as it should: {}", e.getMessage(), e);
            }
            return Optional.empty();
        } catch (TimeoutException _) {
            if (before == null || before.ready()) {
                LOG.warn("the database has not answered for {} ms", Look.PATIENCE.toMillis());
            }
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Stored stored() {
        Horizon horizon = parts.log().horizon();
        List<ProjectionStatus> projections = parts.projections().get();
        Map<String, Duration> lateness = new TreeMap<>();
        for (ProjectionStatus projection : projections) {
            lateness.put(projection.projection(), parts.log().lateAt(projection.position(), horizon));
        }
        return new Stored(
                horizon,
                projections,
                lateness,
                parts.log().holds(),
                parts.jobs().active(),
                parts.jobs().unwell(),
                parts.nodes().counts(),
                parts.schedules().list());
    }
}
