package org.usageledger.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Times as platforms write them: {@code 2026-01-31T23:59:59Z}, with up to nine digits of a second and any offset. Written out because
 * the general formatter costs more than the rest of an event.
 */
final class Rfc3339 {
    private static final long EARLIEST = 0;
    private static final long LATEST = 253_402_300_799L;
    private static final int SECONDS_A_DAY = 86_400;
    private static final int SHORTEST = "1970-01-01T00:00:00Z".length();
    private static final int NANO_DIGITS = 9;

    private Rfc3339() {}

    /** The instant; empty if the text is no such time, or before 1970 or after 9999. */
    static Optional<Instant> parse(String text) {
        if (text.length() < SHORTEST || !punctuated(text)) {
            return Optional.empty();
        }
        long day = day(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
        long second = secondOfDay(number(text, 11, 2), number(text, 14, 2), number(text, 17, 2));
        int end = fractionEnd(text);
        long nanos = nanos(text, end);
        long offset = offsetSeconds(text, end);
        if (day < 0 || second < 0 || nanos < 0 || offset == Long.MAX_VALUE) {
            return Optional.empty();
        }
        long epochSecond = day * SECONDS_A_DAY + second - offset;
        return epochSecond < EARLIEST || epochSecond > LATEST
                ? Optional.empty()
                : Optional.of(Instant.ofEpochSecond(epochSecond, nanos));
    }

    private static boolean punctuated(String text) {
        char separator = text.charAt(10);
        return text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && (separator == 'T' || separator == 't')
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
    }

    /** Days since 1970, from the last day of 1969 on (which an offset may move into 1970) as 0 or more; -1 if there is none such. */
    private static long day(int year, int month, int day) {
        if (year < 1970 || month < 1 || day < 1) {
            return -1;
        }
        try {
            return LocalDate.of(year, month, day).toEpochDay();
        } catch (DateTimeException _) {
            return -1;
        }
    }

    private static long secondOfDay(int hour, int minute, int second) {
        boolean valid = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
        return valid ? hour * 3600L + minute * 60L + second : -1;
    }

    private static int fractionEnd(String text) {
        int end = SHORTEST - 1;
        if (text.charAt(end) == '.') {
            end++;
            while (end < text.length() && isDigit(text.charAt(end))) {
                end++;
            }
        }
        return end;
    }

    private static long nanos(String text, int end) {
        int digits = end - SHORTEST;
        if (digits < 0) {
            return 0;
        }
        if (digits == 0 || digits > NANO_DIGITS) {
            return -1;
        }
        long nanos = number(text, SHORTEST, digits);
        for (int i = digits; i < NANO_DIGITS; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static long offsetSeconds(String text, int at) {
        int left = text.length() - at;
        if (left == 1 && (text.charAt(at) == 'Z' || text.charAt(at) == 'z')) {
            return 0;
        }
        if (left != 6 || text.charAt(at + 3) != ':') {
            return Long.MAX_VALUE;
        }
        long seconds = secondOfDay(number(text, at + 1, 2), number(text, at + 4, 2), 0);
        if (seconds < 0) {
            return Long.MAX_VALUE;
        }
        return switch (text.charAt(at)) {
            case '+' -> seconds;
            case '-' -> -seconds;
            default -> Long.MAX_VALUE;
        };
    }

    private static int number(String text, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            char c = text.charAt(i);
            if (!isDigit(c)) {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
