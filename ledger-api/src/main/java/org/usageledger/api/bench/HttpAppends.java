package org.usageledger.api.bench;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Senders who post NDJSON to a whole service, projection included, and wait for each answer. */
final class HttpAppends implements Contender, AutoCloseable {
    private static final int CLIENTS = 8;
    private static final int REQUEST_EVENTS = 1_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Pattern HEAD = Pattern.compile("\"head\":\"1-(\\d+)-0\"");

    private final URI service;
    private final Usage usage;
    private final int slice;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();
    private List<HttpRequest> requests = List.of();
    private final AtomicLong head = new AtomicLong();
    private long recorded;

    /** @param slice events a slice, in whole requests */
    HttpAppends(URI service, Usage usage, int slice) {
        this.service = service;
        this.usage = usage;
        this.slice = slice;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public void prepare() {
        requests = new ArrayList<>();
        for (int made = 0; made < slice; made += REQUEST_EVENTS) {
            ByteArrayOutputStream body = new ByteArrayOutputStream(REQUEST_EVENTS * 1_000);
            for (int i = 0; i < REQUEST_EVENTS; i++) {
                body.writeBytes(usage.line());
            }
            requests.add(HttpRequest.newBuilder(service.resolve("/v1/events"))
                    .header("Content-Type", "application/x-ndjson")
                    .header("Prefer", "return=minimal")
                    .timeout(DEADLINE)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                    .build());
        }
    }

    @Override
    public long run() throws Exception {
        Workers.share(requests, CLIENTS, (_, request) -> send(request));
        long events = (long) requests.size() * REQUEST_EVENTS;
        recorded += events;
        return events;
    }

    private void send(HttpRequest request) throws Exception {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        Matcher matcher = HEAD.matcher(answer.body());
        if (answer.statusCode() != 200
                || !answer.body().contains("\"recorded\":" + REQUEST_EVENTS + ",")
                || !matcher.find()) {
            throw new RunRefused(
                    "The service answered " + answer.statusCode() + " to a request of events: " + answer.body());
        }
        head.accumulateAndGet(Long.parseLong(matcher.group(1)), Math::max);
    }

    /** Waits for the projection, which would otherwise run on while another one's clock does. */
    @Override
    public void settle() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        service.resolve("/v1/running/summary?group_by=kind&not_before=" + cursor(head.get())))
                .timeout(DEADLINE)
                .build();
        for (int i = 0; i < 30; i++) {
            if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                return;
            }
        }
        throw new RunRefused("The projection did not follow within five minutes.");
    }

    /** The cursor of a position in a ledger that was never set back and has forgotten nothing. */
    static String cursor(long position) {
        return "1-" + position + "-0";
    }

    /** How many events were recorded since the beginning. */
    long recorded() {
        return recorded;
    }

    @Override
    public void close() {
        client.close();
    }
}
