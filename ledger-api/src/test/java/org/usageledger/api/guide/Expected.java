package org.usageledger.api.guide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.usageledger.api.guide.Guide.Answer;

/**
 * Whether an answer is the one that the guide shows. In text, … stands for anything within a line, and alone on a line for any lines; in
 * JSON, "…" for any value, and as a field's name for any further fields.
 */
final class Expected {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANYTHING = "…";

    private Expected() {}

    static boolean matches(Answer answer, String actual) {
        return answer.json()
                ? json(answer.text(), actual)
                : pattern(answer.text(), "\\s*").matcher(actual + "\n").matches();
    }

    /** Whether an answer that still goes on begins as shown. */
    static boolean begins(Answer answer, String actual) {
        return pattern(answer.text(), "(?s:.*)").matcher(actual).matches();
    }

    private static Pattern pattern(String shown, String end) {
        StringBuilder pattern = new StringBuilder();
        for (String line : shown.lines().toList()) {
            pattern.append(line.equals(ANYTHING) ? "(?:.*\\R)*" : inLine(line) + "[ \\t]*\\R");
        }
        return Pattern.compile(pattern + end);
    }

    private static String inLine(String line) {
        StringBuilder pattern = new StringBuilder();
        for (String part : line.splitWithDelimiters(ANYTHING, 0)) {
            pattern.append(part.equals(ANYTHING) ? ".*" : Pattern.quote(part));
        }
        return pattern.toString();
    }

    private static boolean json(String shown, String actual) {
        try {
            return same(JSON.readTree(shown), JSON.readTree(actual));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean same(JsonNode shown, JsonNode actual) {
        if (shown.isTextual() && shown.asText().equals(ANYTHING)) {
            return !actual.isMissingNode();
        }
        if (shown.isObject() && actual.isObject()) {
            return sameFields(shown, actual);
        }
        if (shown.isArray() && actual.isArray() && shown.size() == actual.size()) {
            for (int i = 0; i < shown.size(); i++) {
                if (!same(shown.get(i), actual.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return shown.equals(actual);
    }

    private static boolean sameFields(JsonNode shown, JsonNode actual) {
        List<Map.Entry<String, JsonNode>> named = shown.properties().stream()
                .filter(field -> !field.getKey().equals(ANYTHING))
                .toList();
        return (shown.has(ANYTHING) || actual.size() == named.size())
                && named.stream().allMatch(field -> same(field.getValue(), actual.path(field.getKey())));
    }
}
