package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.Map;
import java.util.Set;

/** Prints one object for people: a line a field, what is nested indented below it, what is null left out. */
final class Sheet {
    private static final String INDENT = "  ";

    private final PrintStream out;

    Sheet(PrintStream out) {
        this.out = out;
    }

    void print(JsonNode object) {
        print(object, "", Set.of());
    }

    /** @param without fields that are told elsewhere */
    void print(JsonNode object, String indent, Set<String> without) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!without.contains(field.getKey())) {
                field(field.getKey(), field.getValue(), indent);
            }
        }
    }

    private void field(String name, JsonNode value, String indent) {
        if (value.isNull() || (value.isContainerNode() && value.isEmpty())) {
            return;
        }
        if (value.isObject()) {
            line(out, indent + name + ":");
            print(value, indent + INDENT, Set.of());
        } else if (value.isArray()) {
            line(out, indent + name + " (" + value.size() + "):");
            value.forEach(element -> line(out, indent + INDENT + JsonText.text(element)));
        } else {
            line(out, indent + name + ": " + value.asText());
        }
    }

    /** What would steer the terminal is shown as a question mark: texts come from outside. */
    static void line(PrintStream out, String text) {
        out.println(text.replaceAll("\\p{Cntrl}", "?"));
    }
}
