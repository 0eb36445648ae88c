package org.usageledger.api.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** NDJSON: each line that is not blank is an event. */
final class LineSource implements EventSource {
    private final InputStream input;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long lines;
    private long events;

    LineSource(InputStream input) {
        this.input = input;
    }

    @Override
    public @Nullable Entry next() throws IOException {
        while (readLine()) {
            lines++;
            byte[] bytes = line.toByteArray();
            if (!blank(bytes)) {
                return new Entry(new Bytes(bytes), lines, ++events);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** Without its end; false at the end of the input. */
    private boolean readLine() throws IOException {
        line.reset();
        for (int next = input.read(); next >= 0; next = input.read()) {
            if (next == '\n') {
                return true;
            }
            if (line.size() == LONGEST_EVENT_BYTES) {
                throw new CommandFailed("Line " + (lines + 1) + " is longer than " + (LONGEST_EVENT_BYTES >> 20)
                        + " MiB: an event is at most 64 KiB. Is this NDJSON, one event a line?");
            }
            line.write(next);
        }
        return line.size() > 0;
    }

    private static boolean blank(byte[] bytes) {
        for (byte each : bytes) {
            if (each != ' ' && each != '\t' && each != '\r') {
                return false;
            }
        }
        return true;
    }
}
