package org.usageledger.jobs.schedule;

import java.time.ZoneId;
import java.time.zone.ZoneRulesProvider;
import java.util.Optional;

/** What two texts are, a cron expression and a time zone: due times, or none. */
sealed interface Timing {

    /**
     * Both are what they are to be.
     *
     * @param cron as it is stored
     */
    record Good(String cron, DueTimes times) implements Timing {}

    /** No expression, as {@link Written.BadCron}. */
    record BadCron(Optional<String> field, String problem) implements Timing {}

    /** No time zone, as {@link Written.BadTimeZone}. */
    record BadTimeZone(String problem) implements Timing {}

    static Timing of(String cron, String timeZone) {
        if (!ZoneRulesProvider.getAvailableZoneIds().contains(timeZone)) {
            return new BadTimeZone(unknown(timeZone));
        }
        return switch (CronText.read(cron)) {
            case CronText.Read.Wrong wrong -> new BadCron(wrong.field(), wrong.problem());
            case CronText.Read.Good good ->
                new Good(good.cron().text(), new DueTimes(good.cron(), ZoneId.of(timeZone)));
        };
    }

    /** An offset such as +02:00 is none either: it would not follow the clocks. */
    private static String unknown(String timeZone) {
        Optional<String> meant = ZoneRulesProvider.getAvailableZoneIds().stream()
                .filter(name -> name.equalsIgnoreCase(timeZone))
                .findFirst();
        return "The time zone \"" + timeZone + "\" is not known; "
                + meant.map(name -> "did you mean " + name + "?")
                        .orElse("give a name of the IANA database, such as Europe/Berlin or UTC.");
    }
}
