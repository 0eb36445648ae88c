package org.usageledger.api.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.usageledger.log.LoggedEvent;

/**
 * Writes events as readers get them, the platform's own JSON copied through. Keeps the last second's text, which thousands of events
 * share: one writer for one answer.
 */
final class EventText {
    private static final byte[] POSITION = ascii("{\"position\":");
    private static final byte[] KIND = ascii(",\"kind\":\"");
    private static final byte[] ORIGIN = ascii("\",\"origin\":\"");
    private static final byte[] RECORDED_AT = ascii("\",\"recorded_at\":\"");
    private static final byte[] EVENT = ascii("\",\"event\":");

    private final OutputStream out;
    private long second = Long.MIN_VALUE;
    private byte[] secondText = new byte[0];

    EventText(OutputStream out) {
        this.out = out;
    }

    void write(LoggedEvent event) throws IOException {
        out.write(POSITION);
        out.write(ascii(Long.toString(event.position())));
        out.write(KIND);
        out.write(ascii(event.kind().label()));
        out.write(ORIGIN);
        out.write(ascii(event.origin().label()));
        out.write(RECORDED_AT);
        time(event.recordedAt());
        out.write(EVENT);
        event.body().writeTo(out);
        out.write('}');
    }

    /** As {@link Instant#toString} but for the fraction, which is none or all six digits that the database keeps. */
    private void time(Instant time) throws IOException {
        if (time.getEpochSecond() != second) {
            second = time.getEpochSecond();
            String text = Instant.ofEpochSecond(second).toString();
            secondText = ascii(text.substring(0, text.length() - 1));
        }
        out.write(secondText);
        int micros = time.getNano() / 1000;
        if (micros > 0) {
            byte[] fraction = {'.', '0', '0', '0', '0', '0', '0'};
            for (int i = 6; micros > 0; i--) {
                fraction[i] = (byte) ('0' + micros % 10);
                micros /= 10;
            }
            out.write(fraction);
        }
        out.write('Z');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
