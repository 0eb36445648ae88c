package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;

/** Prints what a node last reported of a background task. A field that a report does not have, being of another version, is shown as {@code ?}. */
final class TaskReport {
    private static final String RECOVERY = "job_recovery";
    private static final String UNKNOWN = "?";

    /** What every task has; the rest are its own details. */
    private static final Set<String> COMMON = Set.of(
            "task",
            "schema",
            "node",
            "incarnation",
            "process_gone",
            "node_incarnation",
            "node_state",
            "node_seen_at",
            "as_of",
            "unseen_ms",
            "up_ms",
            "period_ms",
            "current",
            "last");

    private final PrintStream out;

    TaskReport(PrintStream out) {
        this.out = out;
    }

    void print(JsonNode report) {
        line("task: \"" + text(report, "task") + "\"   node " + text(report, "node") + " (incarnation "
                + text(report, "incarnation") + ", " + life(report) + ")");
        line("  configured period: every " + span(report, "period_ms"));
        line("  currently executing: " + current(report));
        last(report);
        if (text(report, "task").equals(RECOVERY)) {
            new RecoveryReport(out).print(report);
        } else {
            new Sheet(out).print(report, "    ", COMMON);
        }
    }

    private static String life(JsonNode report) {
        if (!report.path("process_gone").asBoolean()) {
            return "up " + span(report, "up_ms");
        }
        String why = report.path("node_incarnation").asLong()
                        > report.path("incarnation").asLong()
                ? "ended; the node is in incarnation " + text(report, "node_incarnation")
                : "NOT SEEN for " + span(report, "unseen_ms");
        return why + "; last known report";
    }

    private static String current(JsonNode report) {
        JsonNode current = report.path("current");
        if (!text(current, "state").equals("running")) {
            return text(current, "state").equals("idle") ? "no" : UNKNOWN;
        }
        return "iter " + text(current, "iteration") + " since " + text(current, "since") + " ("
                + text(current, "reason") + ")"
                + (report.path("process_gone").asBoolean() ? " – process gone" : "");
    }

    private void last(JsonNode report) {
        JsonNode last = report.path("last");
        if (!last.isObject()) {
            line("  last completed activation: none in this process");
            return;
        }
        line("  last completed activation: iter " + text(last, "iteration") + ", triggered by "
                + triggered(text(last, "reason")));
        line("    started at " + text(last, "started_at") + ago(report, last) + " and ran for "
                + span(last, "elapsed_ms") + ": " + text(last, "outcome"));
        if (!JsonText.text(last, "summary").isEmpty()) {
            line("    " + text(last, "summary"));
        }
    }

    private static String triggered(String reason) {
        return switch (reason) {
            case "signal" -> "an explicit signal";
            case "dependency" -> "something that it depends on";
            case "notification" -> "a notification of the database";
            case "timer" -> "its timer";
            default -> reason;
        };
    }

    private static String ago(JsonNode report, JsonNode last) {
        try {
            Instant then = Instant.parse(JsonText.text(last, "started_at"));
            Instant now = Instant.parse(JsonText.text(report, "as_of"));
            return " (" + Spans.text(Duration.between(then, now).toMillis()) + " ago)";
        } catch (DateTimeParseException _) {
            return "";
        }
    }

    static String text(JsonNode node, String... path) {
        String text = JsonText.text(node, path);
        return text.isEmpty() ? UNKNOWN : text;
    }

    static String span(JsonNode node, String field) {
        return node.path(field).isIntegralNumber() ? Spans.text(node.path(field).asLong()) : UNKNOWN;
    }

    private void line(String text) {
        Sheet.line(out, text);
    }
}
