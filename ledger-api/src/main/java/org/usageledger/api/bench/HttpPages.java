package org.usageledger.api.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A reader who fetches page after page by cursor: the last so many pages before a position, over and over. */
final class HttpPages implements Contender, AutoCloseable {
    static final int PAGE = 1_000;
    static final int PAGES = 10;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final String name;
    private final URI service;
    private final long end;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();

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
    public long run() throws Exception {
        for (int page = PAGES; page > 0; page--) {
            fetch(end - (long) page * PAGE);
        }
        return PAGES;
    }

    private void fetch(long after) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        service.resolve("/v1/events?limit=" + PAGE + "&after=" + HttpAppends.cursor(after)))
                .timeout(DEADLINE)
                .build();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200 || !leadsTo(answer.body(), after + PAGE)) {
            throw new RunRefused("The run is refused: the page after " + after + " was answered with "
                    + answer.statusCode() + " and is no page of " + PAGE + " events.");
        }
    }

    /** A full page's cursor stands at its last event: its place is at the answer's end. */
    private static boolean leadsTo(byte[] body, long position) {
        int tail = Math.min(body.length, 256);
        String end = new String(body, body.length - tail, tail, StandardCharsets.UTF_8);
        return end.contains("\"next\":\"" + HttpAppends.cursor(position) + "\"");
    }

    @Override
    public void close() {
        client.close();
    }
}
