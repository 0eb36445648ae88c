package org.usageledger.api.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A reader who fetches page after page by cursor: the last so many pages before a position, over and over. */
final class HttpPages implements Contender {
    static final int PAGE = 1_000;
    static final int PAGES = 10;
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final String POSITION = "{\"position\":";
    private static final int FIRST_BYTES = 2 << 20;

    private final String name;
    private final URI service;
    private final long end;
    private byte[] buffer = new byte[FIRST_BYTES];

    /** @param end position of the last event of the last page */
    HttpPages(String name, URI service, long end) {
        this.name = name;
        this.service = service;
        this.end = end;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long run() throws IOException {
        for (int page = PAGES; page > 0; page--) {
            fetch(end - (long) page * PAGE);
        }
        return PAGES;
    }

    private void fetch(long after) throws IOException {
        URI uri = service.resolve("/v1/events?limit=" + PAGE + "&after=" + HttpAppends.cursor(after));
        try (InputStream body = PlainGet.body(uri, "application/json", SILENCE)) {
            int length = body.readNBytes(buffer, 0, buffer.length);
            while (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * length);
                length += body.readNBytes(buffer, length, length);
            }
            if (!holds(new String(buffer, 0, length, StandardCharsets.ISO_8859_1), after)) {
                throw new RunRefused("The run is refused: what was answered as the page after " + after
                        + " does not hold the " + PAGE + " events there.");
            }
        }
    }

    /** Each event at its place, and after the last of them the cursor that leads on from it. */
    private static boolean holds(String page, long after) {
        int at = 0;
        for (long position = after + 1; position <= after + PAGE; position++) {
            at = page.indexOf(POSITION, at) + POSITION.length();
            if (at < POSITION.length() || !page.startsWith(position + ",", at)) {
                return false;
            }
        }
        return page.indexOf("],\"next\":\"" + HttpAppends.cursor(after + PAGE) + "\"", at) >= 0;
    }
}
