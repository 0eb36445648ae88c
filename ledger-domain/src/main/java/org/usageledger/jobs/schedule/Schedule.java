package org.usageledger.jobs.schedule;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * When a job is to be started by itself. Times are the database's.
 *
 * @param cron five fields: minute, hour, day of month, month, day of week
 * @param timeZone whose clocks it goes by; a name of the IANA database
 * @param enabled whether it starts anything
 * @param changedAt nothing that was due up to then is started
 * @param lastDue the latest due time that was served
 * @param lastExecution the execution that served it
 */
public record Schedule(
        String job,
        String cron,
        String timeZone,
        Map<String, String> parameters,
        boolean enabled,
        Instant changedAt,
        String changedBy,
        Optional<Instant> lastDue,
        Optional<UUID> lastExecution) {

    /** Up to when everything that was due is served, or is not to be. */
    Instant servedUpTo() {
        return lastDue.filter(due -> due.isAfter(changedAt)).orElse(changedAt);
    }
}
