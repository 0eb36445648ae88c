package org.usageledger.api.running;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.usageledger.event.Body;

/** The objects of an event's own JSON that say what a running resource belongs to, cut out as they were sent. */
final class BodyParts {
    private static final List<String> SERVED = List.of(
            "app", "process", "task", "service_instance", "service_plan", "service_offering", "space", "organization");

    private static final JsonFactory PARSERS = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private record Place(int from, int end) {}

    private BodyParts() {}

    /** Each of them as a field of the object that is being written, null where the event has none. */
    static void write(Body body, OutputStream out) throws IOException {
        byte[] json = body.bytes();
        Map<String, Place> places = places(json);
        for (String name : SERVED) {
            out.write((",\"" + name + "\":").getBytes(StandardCharsets.UTF_8));
            Place place = places.get(name);
            if (place == null) {
                out.write("null".getBytes(StandardCharsets.UTF_8));
            } else {
                out.write(json, place.from(), place.end() - place.from());
            }
        }
    }

    private static Map<String, Place> places(byte[] json) throws IOException {
        Map<String, Place> places = new HashMap<>();
        try (JsonParser parser = PARSERS.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    parser.skipChildren();
                    continue;
                }
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                places.put(name, new Place(from, (int) parser.currentLocation().getByteOffset()));
            }
        }
        return places;
    }
}
