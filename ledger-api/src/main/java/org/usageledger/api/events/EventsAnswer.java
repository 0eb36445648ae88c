package org.usageledger.api.events;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.log.Cursor;
import org.usageledger.log.Horizon;
import org.usageledger.log.LogStream;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.Page;

/** Events as the reader gets them. */
final class EventsAnswer {
    private static final int EXPECTED_EVENT_BYTES = 1024;

    private EventsAnswer() {}

    static HttpResponse<Content> page(Page.Events page) {
        return document(page.events(), out -> {
            Horizon horizon = page.horizon();
            ascii(
                    out,
                    ",\"next\":\"" + page.next() + "\",\"complete_up_to\":{\"position\":" + horizon.position()
                            + ",\"time\":\"" + horizon.time() + "\"},\"pruned_up_to\":" + horizon.prunedUpTo());
        });
    }

    static HttpResponse<Content> ofGuid(List<LoggedEvent> events) {
        return document(events, _ -> {});
    }

    static HttpResponse<Content> linesOfGuid(List<LoggedEvent> events) {
        return Answers.lines(out -> {
            EventText text = new EventText(out);
            for (LoggedEvent event : events) {
                text.write(event);
                out.write('\n');
            }
        });
    }

    static HttpResponse<Content> one(LoggedEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(EXPECTED_EVENT_BYTES);
        return written(out, () -> new EventText(out).write(event));
    }

    /** One event a line, up to where the log stood when the stream was opened. */
    static HttpResponse<Content> stream(LogStream stream) {
        Horizon horizon = stream.horizon();
        MutableHttpResponse<Content> answer = Answers.lines(out -> {
            EventText text = new EventText(out);
            while (!stream.ended()) {
                for (LoggedEvent event : stream.nextChunk()) {
                    text.write(event);
                    out.write('\n');
                }
            }
        });
        return withHeaders(answer, stream.end(), horizon);
    }

    /** What a page says beside its events, for forms that have no room for it. */
    static HttpResponse<Content> withHeaders(MutableHttpResponse<Content> answer, Cursor next, Horizon horizon) {
        return answer.header("Ledger-Next", next.toString())
                .header("Ledger-Complete-Up-To", String.valueOf(horizon.position()))
                .header("Ledger-Complete-Up-To-Time", horizon.time().toString())
                .header("Ledger-Pruned-Up-To", String.valueOf(horizon.prunedUpTo()));
    }

    @FunctionalInterface
    private interface Rest {
        void write(OutputStream out) throws IOException;
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    private static HttpResponse<Content> document(List<LoggedEvent> events, Rest rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(EXPECTED_EVENT_BYTES * (events.size() + 1));
        return written(out, () -> {
            ascii(out, "{\"events\":[");
            EventText text = new EventText(out);
            for (int i = 0; i < events.size(); i++) {
                if (i > 0) {
                    out.write(',');
                }
                text.write(events.get(i));
            }
            ascii(out, "]");
            rest.write(out);
            ascii(out, "}");
        });
    }

    private static HttpResponse<Content> written(ByteArrayOutputStream out, Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException("writing events into memory", e);
        }
        return Answers.json(Content.of(out.toByteArray()));
    }

    private static void ascii(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
