package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What an append came to.
 *
 * @param head the cursor after the last event that was answered; empty if none was
 * @param durableEvent everything up to this event of the input (its number, from 1) is durable or was answered for
 * @param durableLine the line on which that event begins
 * @param complete the whole input was answered for
 */
record AppendReport(
        Counts counts,
        String head,
        long durableEvent,
        long durableLine,
        double seconds,
        boolean complete,
        List<Refusal> refusals) {

    /** How many events ended how; {@code skipped} were not sent. */
    record Counts(long recorded, long duplicates, long suppressed, long conflicts, long refused, long skipped) {
        long answered() {
            return recorded + duplicates + suppressed;
        }
    }

    String text() {
        return row("recorded", counts.recorded())
                + row("duplicates", counts.duplicates())
                + row("suppressed", counts.suppressed())
                + row("conflicts", counts.conflicts())
                + row("refused", counts.refused())
                + (counts.skipped() > 0 ? row("skipped", counts.skipped()) : "")
                + row("head", head.isEmpty() ? "-" : head)
                + row("seconds", String.format(Locale.ROOT, "%.2f", seconds))
                + row("events/s", eventsPerSecond());
    }

    ObjectNode json() {
        ObjectNode node = JsonText.object();
        node.put("recorded", counts.recorded());
        node.put("duplicates", counts.duplicates());
        node.put("suppressed", counts.suppressed());
        node.put("conflicts", counts.conflicts());
        node.put("refused", counts.refused());
        node.put("skipped", counts.skipped());
        node.put("head", head);
        node.put("durable_event", durableEvent);
        node.put("durable_line", durableLine);
        node.put("complete", complete);
        node.put("seconds", Math.round(seconds * 1000) / 1000.0);
        node.put("events_per_second", eventsPerSecond());
        ArrayNode problems = node.putArray("problems");
        refusals.forEach(refusal -> problems.add(refusal.json()));
        return node;
    }

    /** Where the work stands and how to go on, for whoever was stopped on the way. */
    String standing() {
        if (durableEvent == 0) {
            return "Nothing of the input is recorded yet.";
        }
        return "Everything up to event " + durableEvent + " (line " + durableLine
                + ") is durable. Appending the same input" + " again is harmless; --skip " + durableEvent
                + " goes on from there.";
    }

    private long eventsPerSecond() {
        return seconds <= 0 ? 0 : Math.round(counts.answered() / seconds);
    }

    private static String row(String name, Object value) {
        return String.format(Locale.ROOT, "%-10s %14s%n", name, value);
    }
}
