package org.usageledger.api.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Writers that do what a platform does: send a request, and send it again with the same guids until they have an answer. Remembers what was
 * attempted and what was acknowledged.
 */
final class Load implements AutoCloseable {
    private static final int LARGEST_REQUEST = 40;
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int FIRST_REQUESTS = 500;
    private static final Population USUAL = new Population(2_000, 3);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Set<String> attempted = ConcurrentHashMap.newKeySet();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger retries = new AtomicInteger();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();
    private final List<Thread> writers = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final Population population;
    private volatile List<URI> services = List.of();
    private volatile boolean stopping;

    /**
     * Whom the events are about.
     *
     * @param processes of a foundation
     * @param stopOneIn of so many events one stops its process; the others start it, or start it anew
     */
    record Population(int processes, int stopOneIn) {}

    /** Begins to write to whichever services {@link #sendTo} names last. */
    Load(long seed, int count) {
        this(seed, count, USUAL);
    }

    /** The same, about others. */
    Load(long seed, int count, Population population) {
        this.population = population;
        for (int i = 0; i < count; i++) {
            Random random = new Random(seed + i);
            writers.add(Thread.ofVirtual().name("writer-" + i).start(() -> write(random)));
        }
    }

    void sendTo(List<URI> addresses) {
        services = List.copyOf(addresses);
    }

    /** Has every process start, and returns when that is recorded. */
    void beginAll() {
        Random random = new Random(population.processes());
        for (int first = 0; first < population.processes(); first += FIRST_REQUESTS) {
            List<String> guids = new ArrayList<>();
            StringBuilder body = new StringBuilder();
            for (int i = first; i < Math.min(first + FIRST_REQUESTS, population.processes()); i++) {
                String guid = UUID.randomUUID().toString();
                guids.add(guid);
                body.append(event(guid, i, "STARTED")).append('\n');
            }
            attempted.addAll(guids);
            untilAnswered(guids, body.toString(), random);
        }
    }

    private void write(Random random) {
        while (!stopping) {
            List<String> guids = new ArrayList<>();
            StringBuilder body = new StringBuilder();
            for (int i = 1 + random.nextInt(LARGEST_REQUEST); i > 0; i--) {
                String guid = new UUID(random.nextLong(), random.nextLong()).toString();
                guids.add(guid);
                body.append(event(guid, random)).append('\n');
            }
            attempted.addAll(guids);
            untilAnswered(guids, body.toString(), random);
        }
    }

    private String event(String guid, Random random) {
        return event(
                guid,
                random.nextInt(population.processes()),
                random.nextInt(population.stopOneIn()) == 0 ? "STOPPED" : "STARTED");
    }

    private static String event(String guid, int number, String state) {
        String process = "process-" + number;
        return """
                {"kind":"app","guid":"%s","created_at":"2026-01-01T00:00:00Z","state":{"current":"%s","previous":null},\
                "process":{"guid":"%s","type":"web"},"memory_in_mb_per_instance":{"current":256},"instance_count":{"current":1}}""".formatted(guid, state, process);
    }

    /** A writer never gives a request up: after a kill it finds out what became of it by sending it again. */
    private void untilAnswered(List<String> guids, String body, Random random) {
        while (true) {
            List<URI> up = services;
            if (!up.isEmpty() && answered(up.get(random.nextInt(up.size())), guids, body)) {
                return;
            }
            retries.incrementAndGet();
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private boolean answered(URI service, List<String> guids, String body) {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/v1/events"))
                .timeout(ANSWER)
                .header("Content-Type", "application/x-ndjson")
                .header("Prefer", "return=minimal")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                acknowledged.addAll(guids);
                return true;
            }
            if (response.statusCode() < 500) {
                note(response.statusCode() + " " + response.body());
            } else {
                retried(response.statusCode() + " " + response.body());
            }
            return response.statusCode() < 500;
        } catch (IOException e) {
            retried(e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private synchronized void note(String answer) {
        unexpected.add(answer);
    }

    private void retried(String reason) {
        reasons.merge(reason, 1, Integer::sum);
    }

    /** Why requests were sent again, and how often. */
    Map<String, Integer> reasons() {
        return new TreeMap<>(reasons);
    }

    /** Answers that a correct service never gives to these requests. */
    synchronized List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    int acknowledged() {
        return acknowledged.size();
    }

    Set<String> acknowledgedGuids() {
        return new HashSet<>(acknowledged);
    }

    Set<String> attemptedGuids() {
        return new HashSet<>(attempted);
    }

    int retries() {
        return retries.get();
    }

    /** Lets every writer finish the request it is at. */
    void finish() {
        stopping = true;
        for (Thread writer : writers) {
            try {
                if (!writer.join(Duration.ofSeconds(60))) {
                    throw new AssertionError("a writer has no answer to its last request");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while writers were finishing", e);
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        writers.forEach(Thread::interrupt);
        client.close();
    }
}
