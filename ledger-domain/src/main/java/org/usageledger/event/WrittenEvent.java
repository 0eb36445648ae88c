package org.usageledger.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;

/**
 * An event that the ledger writes itself: the fields of another one, or of a line of an inventory, under its own guid, time and state. It has the shape in which
 * a platform would send it, and like any other event it is read back from its body.
 */
public final class WrittenEvent {
    /** What does not go over: it belongs to the event that it stood in. */
    private static final Set<String> OWN = Set.of("guid", "created_at", "updated_at", "state", "links");

    private static final JsonFactory JSON = new JsonFactory();

    private final EventKind kind;
    private final Head head;
    private final boolean withoutNulls;

    /**
     * What is its own.
     *
     * @param previousState null where there is none; service events never say one
     */
    public record Head(
            String guid, Instant at, String state, @Nullable String previousState) {}

    private WrittenEvent(EventKind kind, Head head, boolean withoutNulls) {
        this.kind = kind;
        this.head = head;
        this.withoutNulls = withoutNulls;
    }

    /**
     * With all fields of another event of this kind, unknown ones included.
     *
     * @throws UnreadableBody if that makes no event
     */
    public static UsageEvent like(EventKind kind, Head head, Body fields) {
        return new WrittenEvent(kind, head, false).over(fields);
    }

    /**
     * With the fields of something listed; a number that is null there is 0, a name ''.
     *
     * @throws UnreadableBody if that makes no event
     */
    public static UsageEvent listed(EventKind kind, Head head, Body fields) {
        return new WrittenEvent(kind, head, true).over(fields);
    }

    private UsageEvent over(Body fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(fields.length() + 256);
        try (JsonParser parser = JSON.createParser(fields.bytes());
                JsonGenerator out = JSON.createGenerator(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableBody("the fields of an event are a JSON object", null);
            }
            out.writeStartObject();
            writeHead(out);
            copyFields(parser, out);
            out.writeEndObject();
        } catch (IOException e) {
            // All of it is in memory: the fields are no JSON.
            throw new UnreadableBody("no event can be made of these fields: " + e.getMessage(), e);
        }
        return new StoredForm().decode(kind, StoredForm.FORMAT, Body.owning(bytes.toByteArray()));
    }

    private void writeHead(JsonGenerator out) throws IOException {
        out.writeStringField("guid", head.guid());
        out.writeStringField("created_at", head.at().toString());
        out.writeStringField("updated_at", head.at().toString());
        switch (kind) {
            case APP -> {
                out.writeObjectFieldStart("state");
                out.writeStringField("current", head.state());
                out.writeStringField("previous", head.previousState());
                out.writeEndObject();
            }
            case SERVICE -> out.writeStringField("state", head.state());
        }
    }

    private void copyFields(JsonParser parser, JsonGenerator out) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            if (OWN.contains(field)) {
                parser.skipChildren();
            } else {
                out.writeFieldName(field);
                copyValue(parser, out, Slot.named(field));
            }
        }
    }

    private void copyValue(JsonParser parser, JsonGenerator out, @Nullable Slot slot) throws IOException {
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            if (token.isStructEnd()) {
                depth--;
            }
            if (token == JsonToken.VALUE_NULL && depth == 1 && withoutNulls) {
                writeNothing(out, slot, parser.currentName());
            } else {
                // Numbers go over as they stand, however many digits they have.
                out.copyCurrentEventExact(parser);
            }
            if (token.isStructStart()) {
                depth++;
            }
            if (depth > 0) {
                parser.nextToken();
            }
        } while (depth > 0);
    }

    private static void writeNothing(JsonGenerator out, @Nullable Slot slot, @Nullable String part) throws IOException {
        boolean number = slot != null && slot.shape == Slot.Shape.CHANGE && "current".equals(part);
        boolean name = slot != null && slot.shape != Slot.Shape.CHANGE && "name".equals(part);
        if (number) {
            out.writeNumber(0);
        } else if (name) {
            out.writeString("");
        } else {
            out.writeNull();
        }
    }
}
