package org.usageledger.jobs.schedule;

import com.cronutils.model.time.ExecutionTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a cron expression is due by the clocks of a time zone.
 *
 * <p>Where clocks are put forward, the times that they leave out are due together, once, at the moment they are put forward. Where clocks
 * are put back, the times that they show twice are due the first time. An expression for every hour goes by time passed instead: clocks
 * that are changed neither add to it nor take from it.
 *
 * <p>The calendar alone is the library's; between two changes of the clocks it is asked in local time, so that no rule of zones but
 * {@link ZoneRules} has a say.
 */
final class DueTimes {
    private final ExecutionTime calendar;
    private final ZoneRules rules;
    private final boolean everyHour;

    DueTimes(CronText cron, ZoneId zone) {
        calendar = ExecutionTime.forCron(cron.parsed());
        rules = zone.getRules();
        everyHour = cron.everyHour();
    }

    /** The first due time after a moment; empty if there is none any more. */
    Optional<Instant> next(Instant after) {
        Optional<LocalDateTime> due =
                nextLocal(later(local(after), firstShown(after).minusSeconds(1)));
        Instant from = after;
        while (due.isPresent()) {
            ZoneOffsetTransition end = rules.nextTransition(from);
            Instant at = due.get().toInstant(rules.getOffset(from));
            if (end == null || at.isBefore(end.getInstant())) {
                return Optional.of(at);
            }
            if (isLeftOut(due.get(), end)) {
                return Optional.of(end.getInstant());
            }
            from = end.getInstant();
            due = nextLocal(firstShown(from).minusSeconds(1));
        }
        return Optional.empty();
    }

    /** The latest due time up to a moment, that moment included; empty if there was none. */
    Optional<Instant> latest(Instant upTo) {
        Instant until = upTo;
        Optional<LocalDateTime> due = latestLocal(local(until));
        while (due.isPresent()) {
            ZoneOffsetTransition begin = begin(until);
            if (begin == null || !due.get().isBefore(firstShown(until))) {
                return Optional.of(due.get().toInstant(rules.getOffset(until)));
            }
            if (isLeftOut(due.get(), begin)) {
                return Optional.of(begin.getInstant());
            }
            until = begin.getInstant().minusNanos(1);
            due = latestLocal(local(until));
        }
        return Optional.empty();
    }

    private boolean isLeftOut(LocalDateTime due, ZoneOffsetTransition change) {
        return !everyHour
                && change.isGap()
                && !due.isBefore(change.getDateTimeBefore())
                && due.isBefore(change.getDateTimeAfter());
    }

    /** The first local time that counts as long as the clocks go as they do at a moment. */
    private LocalDateTime firstShown(Instant at) {
        ZoneOffsetTransition begin = begin(at);
        if (begin == null) {
            return LocalDateTime.MIN.plusYears(1);
        }
        return begin.isOverlap() && !everyHour ? begin.getDateTimeBefore() : begin.getDateTimeAfter();
    }

    private @Nullable ZoneOffsetTransition begin(Instant at) {
        return rules.previousTransition(at.plusNanos(1));
    }

    private LocalDateTime local(Instant at) {
        return LocalDateTime.ofInstant(at, rules.getOffset(at));
    }

    private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
        return calendar.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    /** The library's latest is before the time it is asked for, by whole seconds. */
    private Optional<LocalDateTime> latestLocal(LocalDateTime upTo) {
        LocalDateTime after = upTo.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        return calendar.lastExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    private static LocalDateTime later(LocalDateTime one, LocalDateTime other) {
        return one.isAfter(other) ? one : other;
    }
}
