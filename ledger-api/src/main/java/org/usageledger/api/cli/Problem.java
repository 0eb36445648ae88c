package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/**
 * A refusal as the service words it (RFC 9457).
 *
 * @param type the last part of the problem's type; empty if the answer was no problem document
 * @param body the whole document
 */
record Problem(int status, String type, String sentence, JsonNode body) {
    private static final int LONGEST_QUOTE = 200;

    static Problem of(Answer answer) {
        JsonNode body = parsed(answer);
        String type = JsonText.text(body, "type");
        String title = JsonText.text(body, "title");
        String detail = JsonText.text(body, "detail");
        return new Problem(answer.status(), type.substring(lastPart(type)), sentence(answer, title, detail), body);
    }

    CommandFailed failure() {
        return switch (status) {
            case 401 -> new CommandFailed(sentence + " Set LEDGER_TOKEN to a bearer token.");
            case 403 -> new CommandFailed(sentence + " The bearer token in LEDGER_TOKEN lacks the scope for this.");
            default -> new CommandFailed(sentence);
        };
    }

    private static JsonNode parsed(Answer answer) {
        boolean json = answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.contains("json"))
                .isPresent();
        if (!json) {
            return MissingNode.getInstance();
        }
        try {
            return JsonText.tree(answer.body().array());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static int lastPart(String type) {
        return Math.max(Math.max(type.lastIndexOf('/'), type.lastIndexOf(':')), type.lastIndexOf('#')) + 1;
    }

    private static String sentence(Answer answer, String title, String detail) {
        if (!detail.isEmpty()) {
            return ended(detail);
        }
        if (!title.isEmpty()) {
            return ended(title);
        }
        String text = answer.body().text().strip();
        String quote = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        return "The service answered " + answer.status() + (quote.isEmpty() ? "." : ": " + ended(quote));
    }

    private static String ended(String text) {
        return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? text : text + ".";
    }
}
