package org.usageledger.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.testing.Seed;

/** Berlin's clocks were put forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00. */
class DueTimesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static DueTimes times(String cron, ZoneId zone) {
        return new DueTimes(((CronText.Read.Good) CronText.read(cron)).cron(), zone);
    }

    /** Local times with their offsets, as they are due one after the other. */
    private static List<String> following(String cron, String after, int count) {
        DueTimes times = times(cron, BERLIN);
        List<String> due = new ArrayList<>();
        Instant at = OffsetDateTime.parse(after).toInstant();
        for (int i = 0; i < count; i++) {
            at = times.next(at).orElseThrow();
            due.add(at.atZone(BERLIN).toOffsetDateTime().toString());
        }
        return due;
    }

    @Nested
    class Where_clocks_are_put_forward {
        private static final String EVENING_BEFORE = "2026-03-28T20:00+01:00";

        @Test
        void a_time_that_is_left_out_is_due_once_at_that_moment() {
            assertThat(following("30 2 * * *", EVENING_BEFORE, 2))
                    .containsExactly("2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
        }

        @Test
        void several_that_are_left_out_are_due_once_together() {
            assertThat(following("*/20 2,3 * * *", EVENING_BEFORE, 4))
                    .containsExactly(
                            "2026-03-29T03:00+02:00",
                            "2026-03-29T03:20+02:00",
                            "2026-03-29T03:40+02:00",
                            "2026-03-30T02:00+02:00");
        }

        @Test
        void every_hour_goes_on_by_time_passed() {
            assertThat(following("30 * * * *", "2026-03-29T00:45+01:00", 3))
                    .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00", "2026-03-29T04:30+02:00");
        }
    }

    @Nested
    class Where_clocks_are_put_back {
        private static final String EVENING_BEFORE = "2026-10-24T20:00+02:00";

        @Test
        void a_time_that_is_shown_twice_is_due_once() {
            assertThat(following("30 2 * * *", EVENING_BEFORE, 2))
                    .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
        }

        @Test
        void several_that_are_shown_twice_are_due_once_each() {
            assertThat(following("*/30 2,3 * * *", EVENING_BEFORE, 5))
                    .containsExactly(
                            "2026-10-25T02:00+02:00",
                            "2026-10-25T02:30+02:00",
                            "2026-10-25T03:00+01:00",
                            "2026-10-25T03:30+01:00",
                            "2026-10-26T02:00+01:00");
        }

        @Test
        void whoever_looks_while_they_are_shown_again_sees_the_first_time() {
            Instant again = OffsetDateTime.parse("2026-10-25T02:40+01:00").toInstant();

            assertThat(times("30 2 * * *", BERLIN).latest(again))
                    .contains(OffsetDateTime.parse("2026-10-25T02:30+02:00").toInstant());
            assertThat(times("50 2 * * *", BERLIN).next(again))
                    .contains(OffsetDateTime.parse("2026-10-26T02:50+01:00").toInstant());
        }

        @Test
        void every_hour_goes_on_by_time_passed() {
            assertThat(following("0 * * * *", "2026-10-25T01:30+02:00", 3))
                    .containsExactly("2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00");
        }
    }

    @Test
    void a_time_that_is_due_is_the_latest_at_that_moment_and_not_the_next() {
        Instant due = Instant.parse("2026-06-01T10:00:00Z");
        DueTimes daily = times("0 12 * * *", BERLIN);

        assertThat(daily.latest(due)).contains(due);
        assertThat(daily.latest(due.minusNanos(1000))).contains(due.minus(Duration.ofDays(1)));
        assertThat(daily.next(due)).contains(due.plus(Duration.ofDays(1)));
        assertThat(daily.next(due.minusNanos(1000))).contains(due);
    }

    @Test
    void the_thirteenth_or_a_friday_is_either_as_unix_has_it() {
        assertThat(following("0 0 13 * 5", "2026-04-09T12:00+02:00", 3))
                .containsExactly("2026-04-10T00:00+02:00", "2026-04-13T00:00+02:00", "2026-04-17T00:00+02:00");
    }

    /** Against a walk from minute to minute, around the changes of clocks of which none is like another. */
    @Test
    void next_and_latest_are_what_a_walk_over_the_minutes_finds() {
        Seed seed = Seed.forRun();
        RandomGenerator random = seed.generator();
        List<String> zones = List.of(
                "Europe/Berlin",
                "America/New_York",
                "America/Santiago",
                "America/Havana",
                "Australia/Lord_Howe",
                "Africa/Cairo",
                "Asia/Beirut",
                "Atlantic/Azores",
                "Africa/Casablanca",
                "Pacific/Apia",
                "UTC");
        for (int i = 0; i < 400; i++) {
            ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
            Walk walk = Walk.random(random, zone);
            Instant some = Instant.parse("2008-01-01T00:00:00Z").plusSeconds(random.nextLong(18L * 365 * 86_400));
            ZoneOffsetTransition change = zone.getRules().nextTransition(some);
            Instant near = change == null ? some : change.getInstant();
            Instant at = near.plusSeconds(random.nextInt(-20_000, 20_000));
            DueTimes times = times(walk.cron(), zone);
            String where = seed + ": " + walk + " at " + at.atZone(zone);

            assertThat(times.next(at)).as("next, " + where).isEqualTo(walk.next(at));
            assertThat(times.latest(at)).as("latest, " + where).isEqualTo(walk.latest(at));
        }
    }

    /** Some minutes of some hours of every day; of every hour where none is named. */
    private record Walk(TreeSet<Integer> minutes, TreeSet<Integer> hours, ZoneId zone) {
        private static final int MOST_MINUTES = 4 * 24 * 60;

        static Walk random(RandomGenerator random, ZoneId zone) {
            TreeSet<Integer> minutes = new TreeSet<>();
            TreeSet<Integer> hours = new TreeSet<>();
            random.ints(1 + random.nextInt(3), 0, 60).forEach(minutes::add);
            random.ints(random.nextInt(3), 0, random.nextBoolean() ? 4 : 24).forEach(hours::add);
            return new Walk(minutes, hours, zone);
        }

        String cron() {
            return list(minutes) + " " + (hours.isEmpty() ? "*" : list(hours)) + " * * *";
        }

        private static String list(TreeSet<Integer> values) {
            return values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        Optional<Instant> next(Instant after) {
            return walk(after.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60), 60);
        }

        Optional<Instant> latest(Instant upTo) {
            return walk(upTo.truncatedTo(ChronoUnit.MINUTES), -60);
        }

        private Optional<Instant> walk(Instant from, int step) {
            Instant at = from;
            for (int i = 0; i < MOST_MINUTES; i++) {
                if (isDue(at)) {
                    return Optional.of(at);
                }
                at = at.plusSeconds(step);
            }
            return Optional.empty();
        }

        private boolean isDue(Instant at) {
            LocalDateTime shown = LocalDateTime.ofInstant(at, zone);
            if (hours.isEmpty()) {
                return isNamed(shown);
            }
            ZoneOffsetTransition change = zone.getRules().previousTransition(at.plusNanos(1));
            boolean justChanged = change != null && change.getInstant().equals(at) && change.isGap();
            boolean first =
                    shown.atZone(zone).withEarlierOffsetAtOverlap().toInstant().equals(at);
            return (isNamed(shown) && first) || (justChanged && anyLeftOut(change));
        }

        private boolean anyLeftOut(ZoneOffsetTransition change) {
            return Stream.iterate(change.getDateTimeBefore(), time -> time.plusMinutes(1))
                    .takeWhile(time -> time.isBefore(change.getDateTimeAfter()))
                    .anyMatch(this::isNamed);
        }

        private boolean isNamed(LocalDateTime shown) {
            return minutes.contains(shown.getMinute()) && (hours.isEmpty() || hours.contains(shown.getHour()));
        }
    }
}
