package org.usageledger.api.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Goes forward by cursor from the beginning, as a billing poller does, and holds that it is given every position once, in order. Where it gets
 * no answer it asks the next service, from the same cursor.
 */
final class FeedReader implements Callable<Void> {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration NOBODY_THERE = Duration.ofMillis(50);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final Supplier<List<URI>> services;
    private final String wait;
    private int turn;
    private String cursor = "oldest";
    private volatile long read;
    private final AtomicLong unanswered = new AtomicLong();
    private volatile String problem = "";
    private volatile boolean stopped;

    /**
     * Reads when it is called.
     *
     * @param services asked anew before each request; may be none for a while
     * @param turn which of them first
     * @param wait as a parameter of the request; empty for none
     */
    FeedReader(HttpClient client, Supplier<List<URI>> services, int turn, String wait) {
        this.client = client;
        this.services = services;
        this.turn = turn;
        this.wait = wait;
    }

    @Override
    public Void call() throws InterruptedException {
        while (!stopped && problem.isEmpty()) {
            List<URI> up = services.get();
            if (up.isEmpty() || !page(up.get(turn % up.size()))) {
                unanswered.incrementAndGet();
                turn++;
                LockSupport.parkNanos(NOBODY_THERE.toNanos());
            }
        }
        return null;
    }

    private boolean page(URI service) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(
                        "/v1/events?limit=500&after=" + cursor + (wait.isEmpty() ? "" : "&wait=" + wait)))
                .timeout(ANSWER)
                .build();
        try {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() == 503) {
                return false;
            }
            if (answer.statusCode() != 200) {
                problem = "answered " + answer.statusCode();
                return true;
            }
            JsonNode page = JSON.readTree(answer.body());
            page.path("events").forEach(this::take);
            cursor = page.path("next").asText();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void take(JsonNode event) {
        long position = event.path("position").asLong();
        if (position != read + 1 && problem.isEmpty()) {
            problem = "after " + read + " came " + position;
        }
        read = position;
    }

    /** The last position read. */
    long read() {
        return read;
    }

    /** What is wrong; empty if nothing is. */
    String problem() {
        return problem;
    }

    /** Requests without an answer, or told to come again. */
    long unanswered() {
        return unanswered.get();
    }

    void stop() {
        stopped = true;
    }

    @Override
    public String toString() {
        return "a reader has read up to " + read + " " + problem;
    }
}
