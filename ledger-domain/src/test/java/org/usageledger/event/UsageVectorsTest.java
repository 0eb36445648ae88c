package org.usageledger.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.usageledger.lifecycle.EventKind;

class UsageVectorsTest {
    private static final JsonFactory PARSERS = EventLimits.DEFAULT.parsers();

    @Test
    void every_resource_of_the_vectors_is_read_and_kept_token_by_token() throws IOException {
        int read = 0;
        EventReader reader = new EventReader(EventLimits.DEFAULT);
        for (String resource : resources()) {
            EventKind kind = resource.contains("\"service_instance\"") ? EventKind.SERVICE : EventKind.APP;
            Decoded decoded = Reading.read(reader, resource, EventLimits.DEFAULT, kind);
            assertThat(decoded).isInstanceOf(Decoded.Event.class);
            assertThat(tokens(((Decoded.Event) decoded).event().body().toString()))
                    .isEqualTo(tokens(resource));
            read++;
        }
        assertThat(read).isGreaterThan(130);
    }

    private static List<String> resources() throws IOException {
        String vectors;
        try (InputStream in =
                Objects.requireNonNull(UsageVectorsTest.class.getResourceAsStream("/usage-vectors.json"))) {
            vectors = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> resources = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(vectors)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME && "resource".equals(parser.currentName())) {
                    parser.nextToken();
                    int from = (int) parser.currentTokenLocation().getCharOffset();
                    parser.skipChildren();
                    resources.add(vectors.substring(
                            from, (int) parser.currentLocation().getCharOffset()));
                }
            }
        }
        return resources;
    }

    private static List<@Nullable String> tokens(String json) throws IOException {
        List<@Nullable String> tokens = new ArrayList<>();
        try (JsonParser parser = PARSERS.createParser(json)) {
            while (parser.nextToken() != null) {
                tokens.add(parser.getText());
            }
        }
        return tokens;
    }
}
