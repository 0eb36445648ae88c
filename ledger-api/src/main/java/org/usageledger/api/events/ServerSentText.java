package org.usageledger.api.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.usageledger.api.http.Problem;
import org.usageledger.log.Cursor;
import org.usageledger.log.LoggedEvent;

/**
 * Writes Server-Sent Events. Every one of them carries a cursor as its id, so that whoever connects again with the last id it saw goes on
 * from there. No JSON that is written has a line end in it.
 */
final class ServerSentText {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    /** How long a client waits before it connects again: soon, for a service that stops is followed by another, and not all at once. */
    private static final int RETRY_MILLIS_FROM = 1_000;

    private static final int RETRY_MILLIS_TO = 3_000;

    private final OutputStream out;
    private final EventText events;
    private String id = "";

    ServerSentText(OutputStream out) {
        this.out = out;
        this.events = new EventText(out);
    }

    /** Shows at once that the stream stands. */
    void begin() throws IOException {
        ascii("retry: " + ThreadLocalRandom.current().nextInt(RETRY_MILLIS_FROM, RETRY_MILLIS_TO) + "\n\n");
        out.flush();
    }

    void event(LoggedEvent event, Cursor cursor) throws IOException {
        id(cursor);
        ascii("data: ");
        events.write(event);
        ascii("\n\n");
    }

    /** Moves the id on past what was filtered; nothing where it stands there already. */
    void cursor(Cursor cursor) throws IOException {
        if (!cursor.toString().equals(id)) {
            ascii("event: cursor\n");
            id(cursor);
            ascii("data: {\"next\":\"" + cursor + "\"}\n\n");
            out.flush();
        }
    }

    /** A sign of life: the cursor where it has moved, else a comment, which clients pass over; never that there is nothing new where nobody knows. */
    void alive(Cursor cursor, Optional<Instant> unknownSince) throws IOException {
        boolean moved = !cursor.toString().equals(id);
        if (moved) {
            cursor(cursor);
        }
        if (unknownSince.isPresent()) {
            unknown(unknownSince.get());
        } else if (!moved) {
            comment("nothing new");
        }
    }

    /** A sign of life where the log cannot be read. */
    void unknown(Instant since) throws IOException {
        comment("not known since " + since + " whether there is more: the log cannot be read");
    }

    /** A sign of life where more is to be read, in its turn. */
    void behind() throws IOException {
        comment("more follows: others who are behind are read for first");
    }

    private void comment(String text) throws IOException {
        ascii(": " + text + "\n\n");
        out.flush();
    }

    /** The last event of a stream that cannot go on. */
    void problem(Problem problem) throws IOException {
        ascii("event: problem\ndata: ");
        try (JsonGenerator json = JSON.createGenerator(out)) {
            problem.write(json);
        }
        ascii("\n\n");
        out.flush();
    }

    void flush() throws IOException {
        out.flush();
    }

    private void id(Cursor cursor) throws IOException {
        id = cursor.toString();
        ascii("id: " + id + "\n");
    }

    private void ascii(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
