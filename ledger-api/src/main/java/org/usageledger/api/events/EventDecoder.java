package org.usageledger.api.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.InputStream;
import org.usageledger.api.http.BodyRefused;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.Query;
import org.usageledger.event.EventReader;

/** Reads the events of a request from its body as it comes in, never more of it at once than one event. */
final class EventDecoder {
    private static final String ENVELOPE_FIELD = "events";

    private final IngestLimits limits;
    private final JsonFactory parsers;

    EventDecoder(IngestLimits limits) {
        this.limits = limits;
        this.parsers = limits.event().parsers();
    }

    /** {@code {"events":[…]}}. */
    Decoding json(InputStream body) throws IOException {
        Collected collected = new Collected(limits);
        try (JsonParser parser = parsers.createParser(body)) {
            return envelope(parser, collected);
        } catch (BodyRefused e) {
            return refused(collected, e);
        } catch (StreamConstraintsException e) {
            return constrained(collected, e);
        } catch (JsonProcessingException e) {
            return notJson(collected, e);
        }
    }

    private Decoding envelope(JsonParser parser, Collected collected) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return refused("The body is no JSON object; send {\"events\":[…]}.");
        }
        boolean seen = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (!name.equals(ENVELOPE_FIELD)) {
                return refused("The body has an unknown field \"" + Query.shown(name) + "\"; send {\"events\":[…]}.");
            }
            if (seen) {
                return refused("The field \"events\" stands twice; send it once.");
            }
            seen = true;
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return refused("The field \"events\" is no array; send {\"events\":[…]}.");
            }
            if (!events(parser, collected)) {
                return collected.result(false);
            }
        }
        if (!seen) {
            return refused("The field \"events\" is missing; send {\"events\":[…]}.");
        }
        if (parser.nextToken() != null) {
            return refused("Something follows the JSON object at byte " + offset(parser.currentTokenLocation())
                    + "; send one object.");
        }
        return collected.result(true);
    }

    /** False if reading stopped before the array's end. */
    private boolean events(JsonParser parser, Collected collected) throws IOException {
        EventReader reader = new EventReader(limits.event());
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!collected.wantsMore()) {
                return false;
            }
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                collected.add(reader.read(parser, collected.index(), null));
            } else {
                collected.bad("is no object");
                parser.skipChildren();
            }
        }
        return true;
    }

    /** One event a line; blank lines are passed over. */
    Decoding ndjson(InputStream body) throws IOException {
        Collected collected = new Collected(limits);
        try {
            return lines(body, collected);
        } catch (BodyRefused e) {
            return refused(collected, e);
        }
    }

    private Decoding lines(InputStream body, Collected collected) throws IOException {
        EventReader reader = new EventReader(limits.event());
        Lines lines = new Lines(body, limits.event().eventBytes());
        while (true) {
            switch (lines.next()) {
                case END -> {
                    return collected.result(true);
                }
                case TOO_LONG -> {
                    collected.eventTooLarge(collected.index());
                    return collected.result(false);
                }
                case LINE -> {
                    if (!collected.wantsMore()) {
                        return collected.result(false);
                    }
                    line(lines, reader, collected);
                }
            }
        }
    }

    private void line(Lines lines, EventReader reader, Collected collected) throws IOException {
        try (JsonParser parser = parsers.createParser(lines.bytes(), lines.from(), lines.length())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                collected.bad("is no JSON object");
                return;
            }
            var decoded = reader.read(parser, collected.index(), null);
            if (parser.nextToken() == null) {
                collected.add(decoded);
            } else {
                collected.bad("is followed by something on the same line; send one event a line");
            }
        } catch (StreamConstraintsException e) {
            if (isSize(e)) {
                collected.eventTooLarge(collected.index());
            } else {
                collected.bad("is beyond a limit: " + e.getOriginalMessage());
            }
        } catch (JsonProcessingException e) {
            collected.bad("is no JSON at column " + column(e.getLocation()) + ": " + reason(e));
        }
    }

    static Decoding constrained(Collected collected, StreamConstraintsException e) {
        if (isSize(e)) {
            collected.eventTooLarge(collected.index());
        } else {
            collected.bad("is beyond a limit: " + e.getOriginalMessage());
        }
        return collected.result(false);
    }

    static Decoding notJson(Collected collected, JsonProcessingException e) {
        collected.bad("is where the body stops being JSON, at byte " + offset(e.getLocation()) + ": " + reason(e));
        return collected.result(false);
    }

    /** A string or a name longer than an event may be, as opposed to nesting and numbers. */
    private static boolean isSize(StreamConstraintsException e) {
        String message = e.getOriginalMessage();
        return message.startsWith("String") || message.startsWith("Name");
    }

    private static String reason(JsonProcessingException e) {
        return Query.shown(e.getOriginalMessage());
    }

    private static long offset(JsonLocation location) {
        return location == null ? -1 : location.getByteOffset();
    }

    private static long column(JsonLocation location) {
        return location == null ? -1 : location.getColumnNr();
    }

    /** With the event that was being read when the body could not be read on. */
    static Decoding refused(Collected collected, BodyRefused e) {
        int index = collected.index();
        return new Decoding.Refused(e.problem().with(json -> json.writeNumberField("index", index)));
    }

    static Decoding refused(String detail) {
        return new Decoding.Refused(Problem.of(ProblemType.MALFORMED_BODY, detail));
    }
}
