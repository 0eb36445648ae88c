package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * An event that the service did not take, and why.
 *
 * @param line on which it stands in the input, from 1
 * @param guid empty if the service could not read it
 * @param field what of the event is wrong; empty for the event as a whole
 */
record Refusal(long line, String guid, String field, String problem) {
    private static final List<String> LISTS = List.of("errors", "events", "problems", "results");
    private static final List<String> REASONS = List.of("problem", "detail", "reason", "outcome");

    /** What a refused request's problem document lists, each event by its place in the batch. */
    static List<Refusal> listed(Problem problem, Batch batch) {
        List<Refusal> found = new ArrayList<>();
        for (String list : LISTS) {
            problem.body().path(list).forEach(item -> add(found, item, batch));
        }
        if (found.isEmpty()) {
            add(found, problem.body(), batch);
        }
        if (found.isEmpty() && batch.size() == 1) {
            found.add(new Refusal(batch.first().line(), "", "", problem.sentence()));
        }
        return found;
    }

    /** An event that was left out of a request which was otherwise recorded. */
    static Refusal leftOut(JsonNode result, Entry entry) {
        return of(result, entry);
    }

    String text() {
        StringBuilder text = new StringBuilder("line ").append(line);
        if (!guid.isEmpty()) {
            text.append(" (guid ").append(guid).append(')');
        }
        text.append(": ");
        if (!field.isEmpty()) {
            text.append(field).append(": ");
        }
        return text.append(problem).toString();
    }

    ObjectNode json() {
        ObjectNode node = JsonText.object();
        node.put("line", line);
        if (!guid.isEmpty()) {
            node.put("guid", guid);
        }
        if (!field.isEmpty()) {
            node.put("field", field);
        }
        return node.put("problem", problem);
    }

    private static void add(List<Refusal> found, JsonNode item, Batch batch) {
        JsonNode index = item.path("index");
        if (index.canConvertToInt() && index.asInt() >= 0 && index.asInt() < batch.size()) {
            found.add(of(item, batch.entries().get(index.asInt())));
        }
    }

    private static Refusal of(JsonNode item, Entry entry) {
        return new Refusal(entry.line(), JsonText.text(item, "guid"), JsonText.text(item, "field"), reason(item));
    }

    private static String reason(JsonNode item) {
        String said = REASONS.stream()
                .map(name -> JsonText.text(item, name))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("refused");
        return switch (said) {
            case "conflict" -> "another event with this guid was recorded before" + at(item);
            case "refused", "forgotten" -> "older than what the ledger remembers (before forgotten_before)";
            default -> said;
        };
    }

    private static String at(JsonNode item) {
        long position = item.path("position").asLong(0);
        return position > 0 ? ", at position " + position : "";
    }
}
