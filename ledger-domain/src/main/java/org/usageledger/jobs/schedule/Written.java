package org.usageledger.jobs.schedule;

import java.util.Optional;

/** The answer to the wish for a schedule. Unless it is stored, nothing is changed. */
public sealed interface Written {

    /** It holds from now on; or it was as wished before, and goes on. */
    record Stored(ScheduleView view) implements Written {}

    record NoSuchJob(String job) implements Written {}

    /**
     * No cron expression, or one that is never due.
     *
     * @param field {@code minute}, {@code hour}, {@code day of month}, {@code month} or {@code day of week}; empty where it is the whole
     * @param problem what is wrong and what to give, as a sentence
     */
    record BadCron(Optional<String> field, String problem) implements Written {}

    /**
     * No time zone that is known by name.
     *
     * @param problem what is wrong and what to give, as a sentence
     */
    record BadTimeZone(String problem) implements Written {}

    /**
     * Not what the job takes.
     *
     * @param problem names the parameter
     */
    record BadParameters(String problem) implements Written {}
}
