package org.usageledger.jobs.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule and what is to come of it, at the moment it was looked at. One that is not enabled has no times to come.
 *
 * @param firstDue after it was last changed
 * @param nextDue from now on
 * @param waiting the due time that has come and is not served yet: its execution is to be started, or waits for another to end
 * @param late how long the first due time that is not served has been so: nothing where none waits
 * @param problem why this node cannot tell: what is stored is no expression or no time zone to it
 */
public record ScheduleView(
        Schedule schedule,
        Optional<Instant> firstDue,
        Optional<Instant> nextDue,
        Optional<Instant> waiting,
        Duration late,
        Optional<String> problem) {

    static ScheduleView of(ScheduleTable.Row row) {
        Schedule schedule = row.schedule();
        return switch (Timing.of(schedule.cron(), schedule.timeZone())) {
            case Timing.BadCron bad -> unknown(schedule, bad.problem());
            case Timing.BadTimeZone bad -> unknown(schedule, bad.problem());
            case Timing.Good good -> known(row, good.times());
        };
    }

    private static ScheduleView unknown(Schedule schedule, String problem) {
        return new ScheduleView(
                schedule, Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO, Optional.of(problem));
    }

    private static ScheduleView known(ScheduleTable.Row row, DueTimes times) {
        Schedule schedule = row.schedule();
        if (!schedule.enabled()) {
            return new ScheduleView(
                    schedule, Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO, Optional.empty());
        }
        return new ScheduleView(
                schedule,
                times.next(schedule.changedAt()),
                times.next(row.readAt()),
                times.latest(row.readAt()).filter(due -> due.isAfter(schedule.servedUpTo())),
                times.next(schedule.servedUpTo())
                        .map(due -> Duration.between(due, row.readAt()))
                        .filter(Duration::isPositive)
                        .orElse(Duration.ZERO),
                Optional.empty());
    }
}
