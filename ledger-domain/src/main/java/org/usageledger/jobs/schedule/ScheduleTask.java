package org.usageledger.jobs.schedule;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.usageledger.jobs.JobFault;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.Started;
import org.usageledger.tasks.BackgroundTask;
import org.usageledger.tasks.Result;

/**
 * Starts what is due. Every node does, at the same time: the due time is in the request key, so that all of them find one execution. Of
 * several due times that were missed the latest is started. One whose scope is busy is tried again at the next look.
 */
public final class ScheduleTask implements BackgroundTask {
    /** As operators know it. */
    public static final String NAME = "schedules";

    /** A busy scope is looked at as often; a time to come is waited for by itself. */
    private static final Duration PERIOD = Duration.ofSeconds(30);

    /** Who starts them, for the record. */
    private static final String STARTED_BY = "schedule";

    private final DataSource database;
    private final Jobs jobs;

    public ScheduleTask(DataSource database, Jobs jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Starts the jobs that are due by their schedules.";
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public Result activate() {
        return serve(rows());
    }

    private List<ScheduleTable.Row> rows() {
        try (Connection connection = database.getConnection()) {
            return ScheduleTable.read(connection, Optional.empty());
        } catch (SQLException e) {
            throw new JobFault("reading schedules", e);
        }
    }

    /** Starts what is due by the given schedules at the time they were read. What goes wrong with one is no matter of the others. */
    Result serve(List<ScheduleTable.Row> rows) {
        ScheduleReport report = new ScheduleReport();
        for (ScheduleTable.Row row : rows) {
            ScheduleView view = ScheduleView.of(row);
            report.saw(view, row.readAt());
            Optional<Instant> due = view.waiting();
            if (due.isPresent()) {
                try {
                    start(view.schedule(), due.get(), report);
                } catch (RuntimeException e) {
                    report.failed(view.schedule(), due.get(), e);
                }
            }
        }
        return report.result(PERIOD);
    }

    private void start(Schedule schedule, Instant due, ScheduleReport report) {
        String job = schedule.job();
        String key = "schedule:" + job + ":" + due;
        switch (jobs.start(job, schedule.parameters(), Optional.of(key), STARTED_BY)) {
            case Started.Accepted accepted -> {
                served(job, due, accepted.execution());
                report.started(schedule, due, accepted.execution());
            }
            // Changed in the moment it was due: another node served it in its other form.
            case Started.KeyTaken taken -> {
                served(job, due, taken.execution());
                report.started(schedule, due, taken.execution());
            }
            case Started.ActiveAlready active -> report.waits(schedule, due, active.execution());
            case Started.BadParameters bad -> report.refused(schedule, due, bad.problem());
            case Started.NoSuchJob _ -> report.refused(schedule, due, "this node has no job of that name");
        }
    }

    private void served(String job, Instant due, UUID execution) {
        try (Connection connection = database.getConnection()) {
            ScheduleTable.served(connection, job, due, execution);
        } catch (SQLException e) {
            throw new JobFault("noting that " + job + " was started", e);
        }
    }
}
