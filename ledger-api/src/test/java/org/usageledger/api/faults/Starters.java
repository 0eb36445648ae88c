package org.usageledger.api.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.usageledger.postgres.testing.TestDatabase;

/**
 * Clients that each have one execution started over HTTP, wait until it is at rest, and have the next one started. An attempt is made once:
 * one without an answer may have been started or not, and counts as an attempt.
 */
final class Starters implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration REST = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration NOBODY_THERE = Duration.ofMillis(50);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of those asked for, what is on record and whether it is at rest. */
    private static final String RESTING = """
            select
              request_key,
              state not in ('pending', 'running', 'unwinding') as resting
            from job_execution
            where request_key = any (?)
            """;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final TestDatabase database;
    private final String name;
    private final Set<String> attempted = ConcurrentHashMap.newKeySet();
    private final Map<String, UUID> acknowledged = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final List<Thread> starters = new ArrayList<>();
    private final Thread watch;
    private final List<String> unexpected = new ArrayList<>();
    private volatile Services services = new Services(0, List.of());
    private volatile boolean stopping;
    private volatile boolean closed;

    /** Which services there are; another number each time that is said. */
    private record Services(int number, List<URI> addresses) {}

    /** Whoever waits for an execution; if nobody knows whether there is one, that there is none is as good. */
    private record Waiting(CountDownLatch rest, boolean doubtful) {}

    /**
     * What a client has started next.
     *
     * @param parameters JSON fields of the body, after the request key
     */
    record Wish(String job, String parameters) {
        /** Nothing is done, in so many steps with so long a pause between them. */
        static Wish demo(int steps, int pauseMillis) {
            return new Wish("demo", "\"steps\":" + steps + ",\"pause_ms\":" + pauseMillis);
        }
    }

    /** Decides what a client wants, by the client's own dice and its number of attempts before. */
    @FunctionalInterface
    interface Wishes {
        Wish next(Random random, int before);
    }

    /** So many clients that begin once {@link #sendTo} names a service. */
    Starters(TestDatabase database, String name, long seed, int count, Wishes wishes) {
        this.database = database;
        this.name = name;
        for (int i = 0; i < count; i++) {
            int number = i;
            Random random = new Random(seed + i);
            starters.add(Thread.ofVirtual().name(name + i).start(() -> start(number, random, wishes)));
        }
        watch = Thread.ofVirtual().name(name + "watch").start(this::watch);
    }

    void sendTo(List<URI> addresses) {
        services = new Services(services.number() + 1, List.copyOf(addresses));
    }

    private void start(int number, Random random, Wishes wishes) {
        for (int before = 0; !stopping; before++) {
            Wish wish = wishes.next(random, before);
            Services now = services;
            while (now.addresses().isEmpty() && !stopping) {
                LockSupport.parkNanos(NOBODY_THERE.toNanos());
                now = services;
            }
            if (stopping) {
                return;
            }
            String key = name + number + "-" + before;
            URI service = now.addresses().get(random.nextInt(now.addresses().size()));
            attempted.add(key);
            boolean answered = answered(service, key, wish);
            if (!answered) {
                awaitOther(now);
            }
            awaitRest(key, !acknowledged.containsKey(key));
        }
    }

    private boolean answered(URI service, String key, Wish wish) {
        String body = "{\"request_key\":\"" + key + "\"," + wish.parameters() + "}";
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/v1/jobs/" + wish.job() + "/executions"))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace(",}", "}")))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 202) {
                acknowledged.put(
                        key,
                        UUID.fromString(
                                JSON.readTree(response.body()).path("id").asText()));
            } else if (response.statusCode() == 503 && response.body().contains("nothing was done")) {
                refused.add(key);
            } else {
                note(key + ": " + response.statusCode() + " " + response.body());
            }
            return true;
        } catch (JsonProcessingException e) {
            note(key + ": " + e.getMessage());
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Until it is told anew which services there are: by then a killed one's last statement is through. */
    private void awaitOther(Services before) {
        while (services.number() == before.number() && !closed) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private void awaitRest(String key, boolean doubtful) {
        CountDownLatch rest = new CountDownLatch(1);
        waiting.put(key, new Waiting(rest, doubtful));
        try {
            if (!rest.await(REST.toSeconds(), TimeUnit.SECONDS)) {
                note(key + " is not at rest after " + REST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.remove(key);
        }
    }

    private void watch() {
        while (!closed) {
            Map<String, Waiting> asked = Map.copyOf(waiting);
            if (!asked.isEmpty()) {
                release(asked);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private void release(Map<String, Waiting> asked) {
        try {
            Map<String, Boolean> found = resting(asked.keySet());
            asked.forEach((key, one) -> {
                if (found.getOrDefault(key, one.doubtful())) {
                    one.rest().countDown();
                }
            });
        } catch (SQLException e) {
            note("looking at executions: " + e);
        }
    }

    private Map<String, Boolean> resting(Set<String> keys) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(RESTING)) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                Map<String, Boolean> resting = new HashMap<>();
                while (row.next()) {
                    resting.put(row.getString("request_key"), row.getBoolean("resting"));
                }
                return resting;
            }
        }
    }

    private void note(String what) {
        synchronized (unexpected) {
            unexpected.add(what);
        }
    }

    /** Answers that a correct service never gives, and executions that never end. */
    List<String> unexpected() {
        synchronized (unexpected) {
            return List.copyOf(unexpected);
        }
    }

    /** The keys of all attempts. */
    Set<String> attempted() {
        return new HashSet<>(attempted);
    }

    /** What is on record of them. */
    ExecutionBooks books() {
        return new ExecutionBooks(database);
    }

    /** The executions that a service said it would carry out, by their keys. */
    Map<String, UUID> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    /** The keys of attempts that a service refused because it had too much to do, and said that nothing was done. */
    Set<String> refused() {
        return new HashSet<>(refused);
    }

    int count() {
        return acknowledged.size();
    }

    /** Starts nothing more, and waits until everything that was started is at rest. */
    void finish() {
        stopping = true;
        for (Thread starter : starters) {
            try {
                if (!starter.join(REST.plus(ANSWER))) {
                    throw new AssertionError(starter.getName() + " waits for its last execution: " + waiting.keySet());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while starters were finishing", e);
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        closed = true;
        starters.forEach(Thread::interrupt);
        watch.interrupt();
        client.close();
    }
}
