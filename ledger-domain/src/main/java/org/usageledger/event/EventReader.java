package org.usageledger.event;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;

/**
 * From untrusted JSON to a usage event: reads the fields that matter, and copies every token of the event, known or not, into its body
 * with numbers and names as they were sent. The envelope's {@code kind} is not part of the body.
 *
 * <p>Keeps buffers from event to event: one reader for one request, used by one thread.
 */
public final class EventReader {
    private static final String NO_TEXT = "holds U+0000 or half of a surrogate pair; send text that UTF-8 can carry";

    private final EventLimits limits;
    private final BodyText body;
    private final FieldNames names;
    private final FieldPath path;
    private final EventDraft draft = new EventDraft();
    private int taken;

    public EventReader(EventLimits limits) {
        this.limits = limits;
        this.body = new BodyText(limits.eventBytes());
        this.names = new FieldNames(limits.nesting() + 1);
        this.path = new FieldPath(limits.nesting() + 1);
    }

    /**
     * Reads one event. The parser stands on its {@code START_OBJECT} and is left on its {@code END_OBJECT}, whatever the outcome.
     *
     * @param index place in the request, from 0: what problems go by
     * @param known the kind where the way of the event says it; null if the object itself must have {@code kind}
     * @throws IOException if what is read is no JSON, or the source fails: the parser cannot go on
     */
    public Decoded read(JsonParser parser, int index, @Nullable EventKind known) throws IOException {
        take(parser, index);
        return taken(known);
    }

    /** As {@link #read}, where the kind may be said behind the event. */
    public void take(JsonParser parser, int index) throws IOException {
        taken = index;
        body.clear();
        names.clear();
        path.clear();
        draft.clear(index);
        copyObject(parser, null);
    }

    /**
     * What was taken last. Asked once, before the next is taken.
     *
     * @param known as with {@link #read}
     */
    public Decoded taken(@Nullable EventKind known) {
        return body.overflown() ? new Decoded.TooLarge(taken, limits.eventBytes()) : draft.finish(known, body);
    }

    /** @param slot whose object this is; null for one that is only copied, the event itself being the outermost of these */
    private void copyObject(JsonParser parser, @Nullable Slot slot) throws IOException {
        if (!enter(parser)) {
            return;
        }
        names.openObject();
        body.raw('{');
        boolean first = true;
        while (parser.nextToken() != END_OBJECT) {
            String name = parser.currentName();
            path.at(name);
            boolean envelope = path.depth() == 1 && name.equals(Slot.KIND.field);
            if (!envelope) {
                if (!first) {
                    body.raw(',');
                }
                first = false;
                copyName(name);
            }
            if (!names.isNew(name)) {
                problem(slot, "stands twice; send it once");
            }
            JsonToken value = parser.nextToken();
            if (path.depth() == 1) {
                topLevel(parser, value, name);
            } else if (slot == null || slot.shape.partOf(name) < 0) {
                copy(parser, value);
            } else {
                part(parser, slot, slot.shape.partOf(name));
            }
        }
        body.raw('}');
        names.closeObject();
        path.leave();
    }

    private void topLevel(JsonParser parser, JsonToken value, String name) throws IOException {
        Slot slot = Slot.named(name);
        if (slot == null) {
            copy(parser, value);
        } else if (slot == Slot.KIND) {
            readKind(parser, value);
        } else if (slot.shape == Slot.Shape.TEXT) {
            part(parser, slot, 0);
        } else if (value == START_OBJECT) {
            draft.sawObject(slot);
            copyObject(parser, slot);
        } else if (slot.shape == Slot.Shape.STATE && value == VALUE_STRING) {
            part(parser, slot, 0);
        } else {
            if (value != VALUE_NULL) {
                problem(slot, "is " + named(value) + "; send an object or null");
            }
            copy(parser, value);
        }
    }

    private void readKind(JsonParser parser, JsonToken value) throws IOException {
        if (value == VALUE_STRING) {
            draft.text(Slot.KIND, 0, parser.getText());
        } else {
            problem(Slot.KIND, "is " + named(value) + "; send \"app\" or \"service\"");
            parser.skipChildren();
        }
    }

    /** One part of a field that is read: a text, or a number where the field is one of change. */
    private void part(JsonParser parser, Slot slot, int part) throws IOException {
        JsonToken value = parser.currentToken();
        if (value == VALUE_NULL) {
            body.literal("null");
        } else if (slot.shape == Slot.Shape.CHANGE) {
            if (value == VALUE_NUMBER_INT && isCount(parser)) {
                draft.number(slot, part, parser.getIntValue());
            } else {
                problem(slot, "is " + named(value) + "; send a whole number from 0 to 2147483647, or null");
            }
            copy(parser, value);
        } else if (value == VALUE_STRING) {
            copyString(parser, slot);
            draft.text(slot, part, parser.getText());
        } else {
            problem(slot, "is " + named(value) + "; send a string or null");
            copy(parser, value);
        }
    }

    private static boolean isCount(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.INT && parser.getIntValue() >= 0;
    }

    private void copy(JsonParser parser, JsonToken value) throws IOException {
        switch (value) {
            case START_OBJECT -> copyObject(parser, null);
            case START_ARRAY -> copyArray(parser);
            case VALUE_STRING -> copyString(parser, null);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                body.literal(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            case VALUE_TRUE -> body.literal("true");
            case VALUE_FALSE -> body.literal("false");
            case VALUE_NULL -> body.literal("null");
            default -> throw new IllegalStateException("the parser stands on " + value + " where a value begins");
        }
    }

    private void copyArray(JsonParser parser) throws IOException {
        if (!enter(parser)) {
            return;
        }
        body.raw('[');
        boolean first = true;
        for (JsonToken value = parser.nextToken(); value != END_ARRAY; value = parser.nextToken()) {
            if (!first) {
                body.raw(',');
            }
            first = false;
            copy(parser, value);
        }
        body.raw(']');
        path.leave();
    }

    private void copyString(JsonParser parser, @Nullable Slot slot) throws IOException {
        if (!body.string(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength())) {
            problem(slot, NO_TEXT);
        }
    }

    private void copyName(String name) {
        if (!body.string(name)) {
            problem(null, "has a name that " + NO_TEXT);
        }
        body.raw(':');
    }

    /** Goes one level down; if that is too deep, leaves what is there unread and says so. */
    private boolean enter(JsonParser parser) throws IOException {
        if (path.depth() < limits.nesting()) {
            path.enter();
            return true;
        }
        problem(null, "is nested deeper than " + limits.nesting() + "; send it flatter");
        body.literal("null");
        parser.skipChildren();
        return false;
    }

    private void problem(@Nullable Slot slot, String text) {
        draft.problem(slot, path.toString(), text);
    }

    private static String named(JsonToken value) {
        return switch (value) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number that cannot stand here";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            default -> "null";
        };
    }
}
