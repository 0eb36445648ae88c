package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Prints what the task that takes executions up says in its own words: each number from the field of the same name, each field once. */
final class RecoveryReport {
    /** The details that this knows; of a later form it prints what it finds. */
    private static final int SCHEMA = 1;

    private static final String COUNTS = "since_start";

    /** Side by side: what came and went, and what went wrong or was not seen. */
    private static final List<List<Count>> LINES = List.of(
            List.of(
                    new Count("executions begun (pending)", "started"),
                    new Count("attempts failed", "attempt_failures")),
            List.of(new Count("executions recovered (own restart)", "recovered"), new Count("abandoned", "abandoned")),
            List.of(
                    new Count("executions taken over (other node)", "taken_over"),
                    new Count("listing failures", "listing_failures")),
            List.of(new Count("starts observed", "observed_started"), new Count("ends observed", "observed_ended")),
            List.of(new Count("starts that failed", "create_failed"), new Count("starts in doubt", "create_in_doubt")),
            List.of(
                    new Count("forgotten (end seen)", "forgotten"),
                    new Count("inferred done (no end seen)", "inferred_done")),
            List.of(new Count("fenced off here", "fenced"), new Count("doubts dropped", "doubt_dropped")));

    private static final List<Count> MUST_BE_ZERO = List.of(
            new Count("claimed w/o local", "claimed_without_local"),
            new Count("missing", "missing"),
            new Count("listing bug", "listing_bug"),
            new Count("unreadable", "unreadable"));

    private static final List<Count> PASS = List.of(
            new Count("begun", "started"),
            new Count("recovered", "recovered"),
            new Count("taken over", "taken_over"),
            new Count("failed", "failed"),
            new Count("running here", "skipped"),
            new Count("others'", "others"),
            new Count("backing off", "backoff"),
            new Count("foreign", "foreign"),
            new Count("unreadable", "unreadable"),
            new Count("no room here", "deferred"));

    private static final List<Table.Column> RECOVERIES = Stream.of("TIME", "RUN", "KIND", "WHY", "FROM", "EPOCH")
            .map(Table.Column::text)
            .toList();

    private static final List<Table.Column> FAILURES = Stream.of(
                    "TIME", "RUN", "KIND", "EPOCH", "CLASS", "ATTEMPT", "NEXT ATTEMPT", "MESSAGE")
            .map(Table.Column::text)
            .toList();

    private final PrintStream out;

    RecoveryReport(PrintStream out) {
        this.out = out;
    }

    private record Count(String label, String field) {}

    void print(JsonNode report) {
        if (report.path("schema").asInt(SCHEMA) > SCHEMA) {
            line("    of a later version (" + TaskReport.text(report, "schema")
                    + "): see --json for what is not told here");
        }
        if (!report.path(COUNTS).isObject()) {
            line("    nothing reported of recovery");
            return;
        }
        line("    since this process started:");
        LINES.forEach(pair ->
                line("        " + column(report, pair.get(0), 36) + "      " + column(report, pair.get(1), 29)));
        boolean alarm = MUST_BE_ZERO.stream()
                .anyMatch(count -> report.path(COUNTS).path(count.field()).asLong() != 0);
        line("        must be zero: " + counts(report.path(COUNTS), MUST_BE_ZERO, ", ") + (alarm ? " – NOT ZERO" : ""));
        JsonNode local = report.path("local");
        line("    believed running here: " + TaskReport.text(local, "running") + " (starting "
                + TaskReport.text(local, "starting") + ", in doubt " + TaskReport.text(local, "in_doubt") + ", ended "
                + TaskReport.text(local, "ended") + ", maybe done " + TaskReport.text(local, "maybe_done") + ")");
        line("    last pass: " + pass(report.path("last_pass")));
        rows(report.path("recent_recoveries"), "recent recoveries", RECOVERIES, "at execution kind reason from epoch");
        rows(
                report.path("recent_failures"),
                "failed attempts",
                FAILURES,
                "at execution kind epoch class attempt next_attempt_at message");
    }

    private static String column(JsonNode report, Count count, int width) {
        String label = count.label() + ":";
        String number = TaskReport.text(report, COUNTS, count.field());
        return label + " ".repeat(Math.max(1, width - label.length())) + String.format(Locale.ROOT, "%7s", number);
    }

    private static String counts(JsonNode node, List<Count> counts, String between) {
        return String.join(
                between,
                counts.stream()
                        .map(count -> count.label() + " " + TaskReport.text(node, count.field()))
                        .toList());
    }

    private static String pass(JsonNode pass) {
        return switch (JsonText.text(pass, "kind")) {
            case "completed" ->
                "found " + TaskReport.text(pass, "found") + " = " + counts(pass, PASS, " + ") + "; forgotten "
                        + TaskReport.text(pass, "forgotten") + "; listed in " + TaskReport.text(pass, "list_ms")
                        + " ms, carried out in " + TaskReport.text(pass, "execute_ms") + " ms";
            case "failed" -> "failed: " + TaskReport.text(pass, "message");
            case "never_run" -> "none so far";
            default -> TaskReport.text(pass, "kind");
        };
    }

    private void rows(JsonNode rows, String what, List<Table.Column> columns, String fields) {
        if (rows.isEmpty()) {
            line("    no " + what);
            return;
        }
        line("    " + what + " (" + rows.size() + ", newest first):");
        List<List<String>> cells = new ArrayList<>();
        rows.forEach(row -> cells.add(Stream.of(fields.split(" ", -1))
                .map(field -> JsonText.text(row, field))
                .toList()));
        new Table(out, columns, "        ").print(cells);
    }

    private void line(String text) {
        Sheet.line(out, text);
    }
}
