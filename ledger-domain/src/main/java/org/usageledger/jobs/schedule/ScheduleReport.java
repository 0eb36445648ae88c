package org.usageledger.jobs.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.tasks.Result;

/** What a look at the schedules came to. */
final class ScheduleReport {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleReport.class);

    private final List<Map<String, Object>> started = new ArrayList<>();
    private final List<Map<String, Object>> waiting = new ArrayList<>();
    private final List<Map<String, Object>> failed = new ArrayList<>();
    private long schedules;
    private long enabled;
    private Optional<Duration> again = Optional.empty();
    private Optional<Instant> next = Optional.empty();

    void saw(ScheduleView view, Instant now) {
        schedules++;
        enabled += view.schedule().enabled() ? 1 : 0;
        view.problem().ifPresent(problem -> failed.add(entry(view.schedule(), "problem", problem)));
        view.nextDue().ifPresent(due -> comes(due, Duration.between(now, due)));
    }

    private void comes(Instant due, Duration wait) {
        if (again.isEmpty() || wait.compareTo(again.get()) < 0) {
            again = Optional.of(wait);
            next = Optional.of(due);
        }
    }

    void started(Schedule schedule, Instant due, UUID execution) {
        started.add(entry(schedule, due, "execution", execution.toString()));
    }

    /** @param execution that is in the way */
    void waits(Schedule schedule, Instant due, UUID execution) {
        waiting.add(entry(schedule, due, "execution", execution.toString()));
    }

    void refused(Schedule schedule, Instant due, String problem) {
        failed.add(entry(schedule, due, "problem", problem));
    }

    void failed(Schedule schedule, Instant due, RuntimeException fault) {
        LOG.warn("{} is due since {} and cannot be started; it is tried again", schedule.job(), due, fault);
        refused(schedule, due, fault.toString());
    }

    /** @param period looks are that far apart by themselves */
    Result result(Duration period) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("schedules", schedules);
        details.put("enabled", enabled);
        details.put("started", List.copyOf(started));
        details.put("waiting", List.copyOf(waiting));
        details.put("failed", List.copyOf(failed));
        next.ifPresent(due -> details.put("next_due", due.toString()));
        String summary = schedules + " schedules, " + enabled + " enabled: " + started.size() + " started, "
                + waiting.size() + " waiting for another execution to end, " + failed.size() + " failed";
        return new Result(failed.isEmpty(), summary, details, again.filter(wait -> wait.compareTo(period) < 0));
    }

    private static Map<String, Object> entry(Schedule schedule, Instant due, String name, String value) {
        Map<String, Object> entry = entry(schedule, name, value);
        entry.put("due", due.toString());
        return entry;
    }

    private static Map<String, Object> entry(Schedule schedule, String name, String value) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("job", schedule.job());
        entry.put(name, value);
        return entry;
    }
}
