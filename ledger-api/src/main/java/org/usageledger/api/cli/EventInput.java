package org.usageledger.api.cli;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/**
 * An input of events, whatever its form: gzip or not, NDJSON or a JSON document; told by its content, never by its name.
 *
 * @param source its events
 * @param size bytes of the file, -1 if it is a stream
 * @param taken bytes of it read so far
 */
record EventInput(EventSource source, long size, AtomicLong taken) implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** Opens a file, or the terminal's input for {@code -}. */
    static EventInput open(String name, Terminal terminal) throws IOException {
        if (name.equals("-")) {
            return of(terminal.in(), -1);
        }
        Path file = Path.of(name);
        try {
            if (Files.isDirectory(file)) {
                throw new CommandFailed(name + " is a folder, not a file of events.");
            }
            return of(Files.newInputStream(file), Files.isRegularFile(file) ? Files.size(file) : -1);
        } catch (NoSuchFileException e) {
            throw new CommandFailed("There is no file " + name + ".", e);
        }
    }

    static EventInput of(InputStream raw, long size) throws IOException {
        AtomicLong taken = new AtomicLong();
        BufferedInputStream bytes = new BufferedInputStream(new Counted(raw, taken), BUFFER_BYTES);
        BufferedInputStream text = gzip(bytes) ? new BufferedInputStream(unzipped(bytes), BUFFER_BYTES) : bytes;
        skipByteOrderMark(text);
        return new EventInput(source(text), size, taken);
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private static EventSource source(BufferedInputStream text) throws IOException {
        return switch (InputForm.of(text)) {
            case LINES -> new LineSource(text);
            case OBJECTS -> new DocumentSource(text, 0);
            case ARRAY -> new DocumentSource(text, 1);
            case ENVELOPE -> new DocumentSource(text, 2);
        };
    }

    private static boolean gzip(BufferedInputStream bytes) throws IOException {
        byte[] first = peek(bytes, 2);
        return first.length == 2 && (first[0] & 0xff) == GZIP_FIRST && (first[1] & 0xff) == GZIP_SECOND;
    }

    private static InputStream unzipped(InputStream bytes) throws IOException {
        return new GZIPInputStream(bytes, BUFFER_BYTES);
    }

    private static void skipByteOrderMark(BufferedInputStream text) throws IOException {
        if (Arrays.equals(peek(text, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
            text.skipNBytes(BYTE_ORDER_MARK.length);
        }
    }

    /** The first bytes, or fewer if there are no more, left unread. */
    private static byte[] peek(BufferedInputStream input, int atMost) throws IOException {
        input.mark(atMost);
        byte[] first = input.readNBytes(atMost);
        input.reset();
        return first;
    }

    private static final class Counted extends FilterInputStream {
        private final AtomicLong taken;

        Counted(InputStream input, AtomicLong taken) {
            super(input);
            this.taken = taken;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            taken.addAndGet(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            taken.addAndGet(Math.max(count, 0));
            return count;
        }
    }
}
