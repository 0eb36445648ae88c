package org.usageledger.api.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.micronaut.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Query;
import org.usageledger.api.http.RequestBody;
import org.usageledger.event.Decoded;
import org.usageledger.event.EventProblem;
import org.usageledger.event.EventReader;
import org.usageledger.lifecycle.EventKind;

/**
 * Reads usage events out of CloudEvents, under the same limits as others: one event at once, whatever its envelope. What an event is known
 * by and judged by is in its data; of the attributes, which may stand before the data or behind it, source and id are kept.
 */
final class CloudEventDecoder {
    private static final String DATA = "data";
    private static final String DATA_BASE64 = "data_base64";

    private final IngestLimits limits;
    private final JsonFactory parsers;

    CloudEventDecoder(IngestLimits limits) {
        this.limits = limits;
        this.parsers = limits.event().parsers();
        // Four characters for three bytes: an event as large as may be has room in Base64 too.
        int longest = limits.event().eventBytes() / 3 * 4 + 4;
        parsers.setStreamReadConstraints(parsers.streamReadConstraints()
                .rebuild()
                .maxStringLength(longest)
                .build());
    }

    /** One CloudEvent, all of it in the body. */
    Decoding structured(InputStream body) throws IOException {
        return read(body, (parser, collected) -> {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return EventDecoder.refused("The body is no JSON object; send one CloudEvent.");
            }
            envelope(parser, new EventReader(limits.event()), collected);
            return end(parser, collected);
        });
    }

    /** An array of CloudEvents. */
    Decoding batch(InputStream body) throws IOException {
        return read(body, (parser, collected) -> {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return EventDecoder.refused("The body is no JSON array; send [CloudEvent,…].");
            }
            EventReader reader = new EventReader(limits.event());
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (!collected.wantsMore()) {
                    return collected.result(false);
                }
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    envelope(parser, reader, collected);
                } else {
                    collected.bad("is no object");
                    parser.skipChildren();
                }
            }
            return end(parser, collected);
        });
    }

    /** One CloudEvent whose attributes are headers and whose data is the body. */
    Decoding binary(HttpHeaders headers, InputStream body) throws IOException {
        CloudAttributes attributes = CloudHeaders.read(headers);
        return read(body, (parser, collected) -> {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return EventDecoder.refused("The body is no JSON object; send the usage event.");
            }
            Decoded event = new EventReader(limits.event()).read(parser, collected.index(), attributes.kind());
            Decoded judged = attributes.judge(event);
            collected.add(judged, judged instanceof Decoded.Event ? attributes.sender() : null);
            return end(parser, collected);
        });
    }

    @FunctionalInterface
    private interface Reading {
        Decoding of(JsonParser parser, Collected collected) throws IOException;
    }

    private Decoding read(InputStream body, Reading reading) throws IOException {
        Collected collected = new Collected(limits);
        try (JsonParser parser = parsers.createParser(body)) {
            return reading.of(parser, collected);
        } catch (BodyRefused e) {
            return EventDecoder.refused(collected, e);
        } catch (StreamConstraintsException e) {
            return EventDecoder.constrained(collected, e);
        } catch (JsonProcessingException e) {
            return EventDecoder.notJson(collected, e);
        }
    }

    private static Decoding end(JsonParser parser, Collected collected) throws IOException {
        return parser.nextToken() == null
                ? collected.result(true)
                : EventDecoder.refused("Something follows the JSON value at byte "
                        + parser.currentTokenLocation().getByteOffset() + "; send one.");
    }

    private void envelope(JsonParser parser, EventReader reader, Collected collected) throws IOException {
        int index = collected.index();
        CloudAttributes attributes = new CloudAttributes(index, "");
        @Nullable Carried carried = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean isData = name.equals(DATA) || name.equals(DATA_BASE64);
            if (!attributes.isNew(name)) {
                parser.skipChildren();
            } else if (isData && carried != null) {
                attributes.bad(name, "stands beside the other one of data and data_base64; send one of them");
                parser.skipChildren();
            } else if (isData) {
                carried = name.equals(DATA) ? data(parser, reader, index) : base64(parser, reader, index);
            } else {
                attribute(parser, value, name, attributes);
            }
        }
        if (carried == null) {
            attributes.bad(DATA, "is missing; send the usage event");
        }
        Decoded judged = carried == null ? attributes.judge() : attributes.judge(carried.as(attributes.kind()));
        collected.add(judged, judged instanceof Decoded.Event ? attributes.sender() : null);
    }

    /** An event that has been read; of which stream it is may be said behind it. */
    @FunctionalInterface
    private interface Carried {
        Decoded as(@Nullable EventKind kind);
    }

    private static void attribute(JsonParser parser, JsonToken value, String name, CloudAttributes attributes)
            throws IOException {
        switch (value) {
            case VALUE_STRING -> attributes.set(name, parser.getText());
            case VALUE_NULL -> {
                // As if it were not there.
            }
            case VALUE_TRUE, VALUE_FALSE, VALUE_NUMBER_INT -> {
                if (CloudAttributes.isKnown(name)) {
                    attributes.bad(name, "is no string");
                } else {
                    attributes.set(name, parser.getText());
                }
            }
            default -> {
                attributes.bad(name, "is no string, whole number, true or false");
                parser.skipChildren();
            }
        }
    }

    private static Carried data(JsonParser parser, EventReader reader, int index) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return malformed(index, DATA, "is no object; send the usage event");
        }
        reader.take(parser, index);
        return kind -> within(DATA, reader.taken(kind));
    }

    private Carried base64(JsonParser parser, EventReader reader, int index) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return malformed(index, DATA_BASE64, "is no string");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(parser.getText());
        } catch (IllegalArgumentException _) {
            return malformed(index, DATA_BASE64, "is no Base64");
        }
        try (JsonParser inner = parsers.createParser(RequestBody.utf8(new ByteArrayInputStream(bytes)))) {
            if (inner.nextToken() != JsonToken.START_OBJECT) {
                return malformed(index, DATA_BASE64, "holds no JSON object; send the usage event");
            }
            reader.take(inner, index);
            return inner.nextToken() == null
                    ? kind -> within(DATA_BASE64, reader.taken(kind))
                    : malformed(index, DATA_BASE64, "holds something behind the JSON object");
        } catch (BodyRefused _) {
            return malformed(index, DATA_BASE64, "holds no valid UTF-8 text");
        } catch (StreamConstraintsException e) {
            return malformed(index, DATA_BASE64, "is beyond a limit: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            return malformed(index, DATA_BASE64, "holds no JSON: " + Query.shown(e.getOriginalMessage()));
        }
    }

    /** With the problems' fields as they stand in the CloudEvent. */
    private static Decoded within(String member, Decoded decoded) {
        return decoded instanceof Decoded.Malformed malformed
                ? new Decoded.Malformed(malformed.problems().stream()
                        .map(problem -> new EventProblem(
                                problem.index(),
                                problem.field() == null ? member : member + "." + problem.field(),
                                problem.problem()))
                        .toList())
                : decoded;
    }

    private static Carried malformed(int index, String field, String problem) {
        return _ -> new Decoded.Malformed(List.of(new EventProblem(index, field, problem)));
    }
}
