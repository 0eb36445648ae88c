package org.usageledger.api.events;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times of CloudEvents, which are those of RFC 3339: any number of digits of a second, and seconds that are added to a day. */
final class CloudTime {
    private static final Pattern TIME = Pattern.compile(
            "(\\d{4}-\\d{2}-\\d{2})[Tt]([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d|60)(\\.\\d+)?([Zz]|([+-])([01]\\d|2[0-3]):([0-5]\\d))");
    private static final int HOUR_MINUTES = 60;
    private static final int DAY_MINUTES = 24 * HOUR_MINUTES;

    private CloudTime() {}

    static boolean isTime(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            return false;
        }
        try {
            LocalDate.parse(time.group(1));
        } catch (DateTimeException _) {
            return false;
        }
        return !time.group(4).equals("60") || endsADay(time);
    }

    /** Where a second is added, it is after the last one of a day of UTC. */
    private static boolean endsADay(Matcher time) {
        int offset = time.group(7) == null ? 0 : minutes(time.group(8), time.group(9));
        int east = "-".equals(time.group(7)) ? -offset : offset;
        return Math.floorMod(minutes(time.group(2), time.group(3)) - east, DAY_MINUTES) == DAY_MINUTES - 1;
    }

    private static int minutes(String hours, String minutes) {
        return HOUR_MINUTES * Integer.parseInt(hours) + Integer.parseInt(minutes);
    }
}
