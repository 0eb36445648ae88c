package org.usageledger.jobs.schedule;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.usageledger.jobs.JobFault;
import org.usageledger.jobs.Jobs;
import org.usageledger.jobs.Started;

/** Which jobs start by themselves, and when. Any node may be asked; {@link ScheduleTask} starts them on whichever comes first. */
public final class Schedules {
    private final DataSource database;
    private final Jobs jobs;
    private final Runnable changed;

    /** @param changed rings the task of this node, which may have a time to come that is sooner than its next look */
    public Schedules(DataSource database, Jobs jobs, Runnable changed) {
        this.database = database;
        this.jobs = jobs;
        this.changed = changed;
    }

    /**
     * What a schedule is to be.
     *
     * @param cron five fields: minute, hour, day of month, month, day of week
     * @param timeZone a name of the IANA database
     * @param parameters the job's, for each execution
     * @param enabled whether it starts anything
     */
    public record Wish(String cron, String timeZone, Map<String, String> parameters, boolean enabled) {}

    /** All there are, by the job's name; at most one a job. */
    public List<ScheduleView> list() {
        return read(Optional.empty());
    }

    /** The schedule of a job; empty if it has none. */
    public Optional<ScheduleView> get(String job) {
        return read(Optional.of(job)).stream().findFirst();
    }

    /**
     * Gives a job a schedule, in place of the one it has. It begins now: what was due before is not started. One that is as wished already
     * is left as it is, so that a wish may be repeated.
     *
     * @param wishedBy for the record
     */
    public Written put(String job, Wish wish, String wishedBy) {
        Optional<Started> refusal = jobs.refusal(job, wish.parameters());
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        return switch (Timing.of(wish.cron(), wish.timeZone())) {
            case Timing.BadCron bad -> new Written.BadCron(bad.field(), bad.problem());
            case Timing.BadTimeZone bad -> new Written.BadTimeZone(bad.problem());
            case Timing.Good good ->
                stored(job, new Wish(good.cron(), wish.timeZone(), wish.parameters(), wish.enabled()), wishedBy);
        };
    }

    private static Written refused(Started refusal) {
        return switch (refusal) {
            case Started.NoSuchJob none -> new Written.NoSuchJob(none.job());
            case Started.BadParameters bad -> new Written.BadParameters(bad.problem());
            case Started.Accepted _, Started.ActiveAlready _, Started.KeyTaken _ ->
                throw new IllegalStateException("a job is refused before anything is started: " + refusal);
        };
    }

    private Written stored(String job, Wish wish, String wishedBy) {
        ScheduleView view;
        try (Connection connection = database.getConnection()) {
            view = ScheduleView.of(ScheduleTable.put(connection, job, wish, wishedBy));
        } catch (SQLException e) {
            throw new JobFault("storing the schedule of " + job, e);
        }
        changed.run();
        return new Written.Stored(view);
    }

    /** Takes a job's schedule away; executions that it started go on. False if there was none. */
    public boolean delete(String job) {
        try (Connection connection = database.getConnection()) {
            return ScheduleTable.delete(connection, job);
        } catch (SQLException e) {
            throw new JobFault("deleting the schedule of " + job, e);
        }
    }

    private List<ScheduleView> read(Optional<String> job) {
        try (Connection connection = database.getConnection()) {
            return ScheduleTable.read(connection, job).stream()
                    .map(ScheduleView::of)
                    .toList();
        } catch (SQLException e) {
            throw new JobFault("reading schedules", e);
        }
    }
}
