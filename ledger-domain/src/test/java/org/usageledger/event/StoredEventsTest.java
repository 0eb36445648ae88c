package org.usageledger.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usageledger.lifecycle.EventKind;

/**
 * Events as they were stored, one file a format, never edited once shipped: each still decodes, and what was derived from it and stored beside
 * it (identity, content, resource hash, effect) still comes out the same. A change here would make the ledger record again what it has.
 */
class StoredEventsTest {
    private static final JsonFactory JSON = new JsonFactory();

    static List<String> stored() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(StoredEventsTest.class.getResourceAsStream("/stored-events/format-1.ndjson"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("stored")
    void decode_to_what_they_were_when_they_were_stored(String line) throws IOException {
        Map<String, String> golden = fields(line);
        EventKind kind = Objects.equals(golden.get("kind"), "app") ? EventKind.APP : EventKind.SERVICE;
        Body body = Body.owning(Objects.requireNonNull(golden.get("body")).getBytes(StandardCharsets.UTF_8));

        UsageEvent event = new StoredForm().decode(kind, 1, body);

        assertThat(event.body()).isEqualTo(body);
        Map<String, String> derived = new HashMap<>(Map.of(
                "identity", EventIdentity.of(event).value().toString(),
                "content", ContentHash.of(event).toString(),
                "resource",
                        event.resource()
                                .map(r -> r.kind().label() + " " + r.key())
                                .orElse("null"),
                "resource_hash",
                        event.resource().map(r -> Long.toString(r.hash())).orElse("null"),
                "effect", event.effect().name(),
                "exact", Boolean.toString(Exactness.of(event, Origin.PLATFORM))));
        assertThat(golden).containsAllEntriesOf(derived);
    }

    /** The top level as text, the body as the JSON it is. */
    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                boolean object = parser.currentToken() == JsonToken.START_OBJECT;
                String text = parser.getText();
                parser.skipChildren();
                fields.put(
                        name,
                        object
                                ? line.substring(
                                        from, (int) parser.currentLocation().getCharOffset())
                                : text);
            }
        }
        return fields;
    }
}
