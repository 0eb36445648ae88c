package org.usageledger.api.cli;

/** How long something took, or takes, as people read it: {@code 23ms}, {@code 5s}, {@code 1m30s}, {@code 3h02m}, {@code 2d03h}. */
final class Spans {
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Spans() {}

    static String text(long millis) {
        if (millis < 0) {
            return "-" + text(-millis);
        }
        long seconds = millis / SECOND;
        if (seconds == 0) {
            return millis + "ms";
        }
        if (seconds >= DAY) {
            return two(seconds / DAY, "d", seconds % DAY / HOUR, "h");
        }
        if (seconds >= HOUR) {
            return two(seconds / HOUR, "h", seconds % HOUR / MINUTE, "m");
        }
        return seconds >= MINUTE ? two(seconds / MINUTE, "m", seconds % MINUTE, "s") : seconds + "s";
    }

    private static String two(long large, String unit, long small, String smaller) {
        return large + unit + (small == 0 ? "" : (small < 10 ? "0" : "") + small + smaller);
    }
}
