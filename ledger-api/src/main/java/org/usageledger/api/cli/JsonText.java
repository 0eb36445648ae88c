package org.usageledger.api.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reads and writes the JSON of answers and reports. Events themselves are passed through as bytes. */
final class JsonText {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ObjectReader READER = MAPPER.reader();
    private static final ObjectWriter WRITER = MAPPER.writer();

    private JsonText() {}

    static JsonNode read(byte[] json, String what) {
        try {
            return tree(json);
        } catch (IOException e) {
            throw new CommandFailed("Cannot read " + what + ": it is not JSON. Is LEDGER_URL that of a ledger?", e);
        }
    }

    static JsonNode tree(byte[] json) throws IOException {
        return READER.readTree(json);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String line(JsonNode node) {
        try {
            return WRITER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing JSON from a tree", e);
        }
    }

    /** The text at a path of field names, as a cell shows it: empty for null and absent. */
    static String text(JsonNode node, String... path) {
        JsonNode at = node;
        for (String field : path) {
            at = at.path(field);
        }
        return at.isNull() || at.isMissingNode() ? "" : at.isValueNode() ? at.asText() : line(at);
    }
}
