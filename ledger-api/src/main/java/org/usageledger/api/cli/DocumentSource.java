package org.usageledger.api.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is not one event a line: an array of events, the envelope {@code {"events":[…]}}, or objects laid out over several lines.
 * An object's bytes are kept as they are, but for line ends, which become spaces: outside strings they mean nothing, inside JSON does
 * not allow them.
 */
final class DocumentSource implements EventSource {
    private final InputStream input;
    private final int base;
    private final ByteArrayOutputStream object = new ByteArrayOutputStream();
    private long line = 1;
    private long events;
    private int depth;
    private boolean inString;
    private boolean escaped;

    /**
     * @param base how many brackets and braces enclose the events: 0 for bare objects, 1 in an array, 2 in an envelope
     */
    DocumentSource(InputStream input, int base) {
        this.input = input;
        this.base = base;
    }

    @Override
    public @Nullable Entry next() throws IOException {
        object.reset();
        long begun = line;
        for (int next = input.read(); next >= 0; next = input.read()) {
            boolean outside = depth <= base;
            boolean complete = step(next);
            if (outside && depth > base) {
                begun = line;
            }
            if (depth > base || complete) {
                keep(next, begun);
            }
            line += next == '\n' ? 1 : 0;
            if (complete) {
                return new Entry(new Bytes(object.toByteArray()), begun, ++events);
            }
        }
        return ended(begun);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** Follows the nesting; true at the brace that closes an event. */
    private boolean step(int next) {
        if (inString) {
            inString = escaped || next != '"';
            escaped = !escaped && next == '\\';
            return false;
        }
        switch (next) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth--;
                return depth == base && object.size() > 0;
            }
            default -> {}
        }
        return false;
    }

    private void keep(int next, long begun) {
        if (object.size() == LONGEST_EVENT_BYTES) {
            throw new CommandFailed("The event that begins on line " + begun + " is longer than "
                    + (LONGEST_EVENT_BYTES >> 20) + " MiB: is a brace or a quote missing?");
        }
        object.write(next == '\n' || next == '\r' ? ' ' : next);
    }

    private @Nullable Entry ended(long begun) {
        if (object.size() > 0) {
            throw new CommandFailed("The input ends in the middle of the event that begins on line " + begun + ".");
        }
        if (depth > 0) {
            throw new CommandFailed("The input ends before its list of events does: a bracket is missing.");
        }
        return null;
    }
}
