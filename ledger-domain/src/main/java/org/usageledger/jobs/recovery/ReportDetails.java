package org.usageledger.jobs.recovery;

import java.util.LinkedHashMap;
import java.util.Map;
import org.usageledger.jobs.recovery.Tally.Count;

/** A report in the names and types of JSON, no larger than what is kept of one: what is newest is told first. */
final class ReportDetails {
    /** Of a failure's message; the whole of it is beside its execution. */
    private static final int MESSAGE_CHARACTERS = 160;

    /** In each of the two lists; both full, they take half of what is kept. */
    private static final int ROWS = 64;

    private ReportDetails() {}

    static Map<String, Object> of(RecoveryReport report) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("since_start", sinceStart(report));
        details.put("local", local(report.counts()));
        details.put("last_pass", lastPass(report.lastPass()));
        details.put(
                "recent_recoveries",
                report.recentRecoveries().stream()
                        .limit(ROWS)
                        .map(ReportDetails::recovery)
                        .toList());
        details.put(
                "recent_failures",
                report.recentFailures().stream()
                        .limit(ROWS)
                        .map(ReportDetails::failure)
                        .toList());
        return details;
    }

    private static Map<String, Object> sinceStart(RecoveryReport report) {
        Map<String, Object> counts = new LinkedHashMap<>();
        for (Count count : Count.values()) {
            counts.put(count.label(), report.counts().tally().of(count));
        }
        RecoveryReport.Alarms alarms = report.alarms();
        counts.put("attempt_failures", alarms.attemptFailures());
        counts.put("abandoned", alarms.abandoned());
        counts.put("listing_failures", alarms.listingFailures());
        counts.put("missing", alarms.missing());
        counts.put("listing_bug", alarms.listingBug());
        counts.put("unreadable", alarms.unreadable());
        return counts;
    }

    private static Map<String, Object> local(LocalCounts counts) {
        Map<String, Object> local = new LinkedHashMap<>();
        local.put("starting", counts.starting());
        local.put("in_doubt", counts.inDoubt());
        local.put("running", counts.running());
        local.put("ended", counts.ended());
        local.put("maybe_done", counts.maybeDone());
        return local;
    }

    private static Map<String, Object> lastPass(LastPass last) {
        Map<String, Object> pass = new LinkedHashMap<>();
        pass.put("kind", last.kind());
        switch (last) {
            case LastPass.NeverRun _ -> {}
            case LastPass.Failed(String message) -> pass.put("message", message);
            case LastPass.Completed completed -> {
                pass.put("found", completed.found());
                pass.put("started", completed.started());
                pass.put("recovered", completed.recovered());
                pass.put("taken_over", completed.takenOver());
                pass.put("failed", completed.failed());
                pass.put("skipped", completed.skipped());
                pass.put("others", completed.others());
                pass.put("backoff", completed.backoff());
                pass.put("foreign", completed.foreign());
                pass.put("unreadable", completed.unreadable());
                pass.put("deferred", completed.deferred());
                pass.put("forgotten", completed.forgotten());
                pass.put("list_ms", completed.list().toMillis());
                pass.put("execute_ms", completed.execute().toMillis());
            }
        }
        return pass;
    }

    private static Map<String, Object> recovery(Recovery recovery) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("at", recovery.at().toString());
        row.put("execution", recovery.execution().toString());
        row.put("kind", recovery.job());
        row.put("reason", recovery.reason().label());
        row.put("from", recovery.from());
        row.put("epoch", recovery.epoch());
        return row;
    }

    private static Map<String, Object> failure(Failure failure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("at", failure.at().toString());
        row.put("execution", failure.execution().toString());
        row.put("kind", failure.job());
        row.put("epoch", failure.epoch());
        row.put("class", failure.transientOne() ? "transient" : "permanent");
        row.put("attempt", (long) failure.attempt());
        failure.nextAttemptAt().ifPresent(at -> row.put("next_attempt_at", at.toString()));
        String message = failure.message();
        row.put("message", message.length() <= MESSAGE_CHARACTERS ? message : message.substring(0, MESSAGE_CHARACTERS));
        return row;
    }
}
