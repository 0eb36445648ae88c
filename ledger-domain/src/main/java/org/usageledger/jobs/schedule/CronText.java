package org.usageledger.jobs.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cron expression of five fields, as Unix has it: minute, hour, day of month, month, day of week.
 *
 * @param text with one space between two fields
 * @param everyHour whether its hour is {@code *}
 */
record CronText(String text, Cron parsed, boolean everyHour) {
    /** Every minute of an hour and every hour of a day, listed one by one, fit in. */
    static final int CHARACTERS = 255;

    /** Ways to say it; whoever lists all of them by name means the names. */
    private static final Set<String> EVERY_HOUR = Set.of("*", "*/1", "0-23");

    private static final CronDefinition UNIX = CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
    private static final ZonedDateTime ANY_TIME = ZonedDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private static final List<Field> FIELDS = List.of(
            new Field("minute", "0 to 59"),
            new Field("hour", "0 to 23"),
            new Field("day of month", "1 to 31"),
            new Field("month", "1 to 12, or JAN to DEC"),
            new Field("day of week", "0 to 7, or SUN to SAT; 0 and 7 are Sunday"));

    private record Field(String name, String values) {}

    /** What a text is. */
    sealed interface Read {
        record Good(CronText cron) implements Read {}

        /**
         * No expression, or one that is never due.
         *
         * @param field which of its fields is wrong; empty where it is the whole
         * @param problem what is wrong with it and what it takes, as a sentence
         */
        record Wrong(Optional<String> field, String problem) implements Read {}
    }

    static Read read(String text) {
        if (text.length() > CHARACTERS) {
            return new Read.Wrong(Optional.empty(), "The cron expression has more than " + CHARACTERS + " characters.");
        }
        String stripped = text.strip();
        List<String> parts = stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+"));
        if (parts.size() != FIELDS.size()) {
            return new Read.Wrong(
                    Optional.empty(),
                    "The cron expression has " + parts.size()
                            + " fields; give five: minute, hour, day of month, month, day of week.");
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!isTaken(alone(parts.get(i), i))) {
                return wrong(FIELDS.get(i), parts.get(i));
            }
        }
        return whole(parts);
    }

    private static Read whole(List<String> parts) {
        String text = String.join(" ", parts);
        Cron parsed = new CronParser(UNIX).parse(text);
        if (ExecutionTime.forCron(parsed).nextExecution(ANY_TIME).isEmpty()) {
            return new Read.Wrong(
                    Optional.of("day of month"),
                    "The cron expression is never due: no year has day of month " + parts.get(2) + " in month "
                            + parts.get(3) + ".");
        }
        return new Read.Good(new CronText(text, parsed, EVERY_HOUR.contains(parts.get(1))));
    }

    /** A field in the midst of others that cannot be wrong. */
    private static String alone(String part, int place) {
        List<String> others = new ArrayList<>(Collections.nCopies(FIELDS.size(), "*"));
        others.set(place, part);
        return String.join(" ", others);
    }

    /** Of what is no expression, the library says so in one of several ways, running off the end of an array among them. */
    private static boolean isTaken(String text) {
        try {
            new CronParser(UNIX).parse(text).validate();
            return true;
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            return false;
        }
    }

    private static Read wrong(Field field, String part) {
        return new Read.Wrong(
                Optional.of(field.name()),
                "The cron expression's " + field.name() + " is \"" + part + "\"; give " + field.values()
                        + "; or *, a list such as 1,2, a range such as 1-5, a step such as */2.");
    }
}
