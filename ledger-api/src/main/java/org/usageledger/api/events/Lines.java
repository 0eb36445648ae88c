package org.usageledger.api.events;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Splits a stream into lines that are not blank, in a buffer no larger than the longest line allowed. */
final class Lines {
    private static final int FIRST_SIZE = 16 * 1024;

    private final InputStream in;
    private final int longest;
    private byte[] buffer;
    private int start;
    private int end;
    private int lineStart;
    private int lineEnd;
    private boolean ended;

    enum Next {
        LINE,
        TOO_LONG,
        END
    }

    Lines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
        this.buffer = new byte[Math.min(FIRST_SIZE, longest + 1)];
    }

    /** Where the line stands that was found last; valid until the next is asked for. */
    byte[] bytes() {
        return buffer;
    }

    int from() {
        return lineStart;
    }

    int length() {
        return lineEnd - lineStart;
    }

    Next next() throws IOException {
        while (true) {
            int found = findEnd();
            if (found < 0) {
                return end - start > longest ? Next.TOO_LONG : Next.END;
            }
            lineStart = start;
            lineEnd = found;
            start = Math.min(found + 1, end);
            if (!isBlank()) {
                return lineEnd - lineStart > longest ? Next.TOO_LONG : Next.LINE;
            }
        }
    }

    /** Where the line that begins at start ends; -1 if there is none, or none within the limit. */
    private int findEnd() throws IOException {
        int scanned = start;
        while (true) {
            for (int i = scanned; i < end; i++) {
                if (buffer[i] == '\n') {
                    return i;
                }
            }
            if (end - start > longest) {
                return -1;
            }
            if (ended) {
                return end > start ? end : -1;
            }
            int line = end - start;
            fill();
            scanned = start + line;
        }
    }

    private void fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, longest + 1));
        }
        int got = in.read(buffer, end, buffer.length - end);
        if (got < 0) {
            ended = true;
        } else {
            end += got;
        }
    }

    private boolean isBlank() {
        for (int i = lineStart; i < lineEnd; i++) {
            byte b = buffer[i];
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
