package org.usageledger.api.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** How an input writes its events down. */
enum InputForm {
    /** One event a line. */
    LINES,
    /** Objects one after the other, each over several lines. */
    OBJECTS,
    ARRAY,
    /** {@code {"events":[…]}}. */
    ENVELOPE;

    /** No start of an input needs more to be told; what is longer is one long line. */
    private static final int PEEKED_BYTES = 1 << 15;

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final String ENVELOPE_START = "{\"events\":[";

    /** The form of an input, of which nothing is taken. Reads no further than needed: the input may be a pipe that is still written. */
    static InputForm of(BufferedInputStream input) throws IOException {
        byte[] start = new byte[PEEKED_BYTES];
        int length = 0;
        input.mark(PEEKED_BYTES);
        Optional<InputForm> form = Optional.empty();
        while (form.isEmpty() && length < PEEKED_BYTES) {
            int count = input.read(start, length, PEEKED_BYTES - length);
            if (count < 0) {
                break;
            }
            length += count;
            form = told(new String(start, 0, length, StandardCharsets.UTF_8));
        }
        input.reset();
        return form.orElse(LINES);
    }

    /** Empty if more of the input could tell something else. */
    static Optional<InputForm> told(String start) {
        String text = start.stripLeading();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.charAt(0) == '[') {
            return Optional.of(ARRAY);
        }
        String dense = WHITE_SPACE.matcher(text).replaceAll("");
        if (dense.startsWith(ENVELOPE_START)) {
            return Optional.of(ENVELOPE);
        }
        int end = text.indexOf('\n');
        if (ENVELOPE_START.startsWith(dense) || end < 0) {
            return Optional.empty();
        }
        String first = text.substring(0, end).strip();
        return Optional.of(first.startsWith("{") && !first.endsWith("}") ? OBJECTS : LINES);
    }
}
