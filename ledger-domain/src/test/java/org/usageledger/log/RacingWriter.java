package org.usageledger.log;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.TestDatabase;

/** Appends batches of all sizes, events that other writers send at the same time, and task stops before, beside and after their starts. */
final class RacingWriter {
    /** What the writers of one race share. */
    static final class Race {
        private final History history;
        private final long events;
        private final AtomicLong sent = new AtomicLong();
        /** Events that some writer is just about to send, for others to send as well. */
        private final AtomicReferenceArray<UsageEvent> shared = new AtomicReferenceArray<>(64);

        Race(History history, long events) {
            this.history = history;
            this.events = events;
        }
    }

    private final Race race;
    private final TestLog node;
    private final RandomGenerator random;
    private final List<UsageEvent> stopsToCome = new ArrayList<>();

    RacingWriter(Race race, TestLog node, RandomGenerator random) {
        this.race = race;
        this.node = node;
        this.random = random;
    }

    CompletableFuture<Void> start() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                while (race.sent.get() < race.events) {
                    append(batch());
                }
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private void append(List<UsageEvent> batch) {
        race.history.attempts(batch);
        AppendResult result = node.append(AppendRequest.of(
                batch.stream().map(TestLog::encode).toList(), AppendRequest.OnConflict.REFUSE_REQUEST));
        race.history.answered(batch, result);
        if (result instanceof AppendResult.Done done) {
            race.sent.addAndGet(done.outcomes().stream()
                    .filter(Outcome.Recorded.class::isInstance)
                    .count());
        }
    }

    private List<UsageEvent> batch() {
        int size = switch (random.nextInt(10)) {
            case 0, 1, 2 -> 1;
            case 3 -> random.nextInt(100, 400);
            default -> random.nextInt(2, 40);
        };
        List<UsageEvent> batch = new ArrayList<>();
        while (batch.size() < size) {
            add(batch);
        }
        return batch;
    }

    private void add(List<UsageEvent> batch) {
        int slot = random.nextInt(race.shared.length());
        switch (random.nextInt(12)) {
            case 0 -> {
                UsageEvent shared = race.shared.get(slot);
                batch.add(shared == null ? fresh() : shared);
            }
            case 1 -> {
                UsageEvent event = fresh();
                race.shared.set(slot, event);
                batch.add(event);
            }
            case 2 -> addTask(batch);
            case 3 -> batch.add(stopsToCome.isEmpty() ? fresh() : stopsToCome.removeLast());
            default -> batch.add(fresh());
        }
    }

    private void addTask(List<UsageEvent> batch) {
        String task = UUID.randomUUID().toString();
        UsageEvent start = Events.task(task, "TASK_STARTED");
        UsageEvent stop = Events.task(task, "TASK_STOPPED");
        switch (random.nextInt(4)) {
            case 0 -> {
                batch.add(stop);
                batch.add(start);
            }
            case 1 -> batch.add(stop);
            default -> {
                batch.add(start);
                stopsToCome.add(stop);
            }
        }
    }

    private UsageEvent fresh() {
        return Events.process("p" + random.nextInt(500), random.nextBoolean() ? "STARTED" : "STOPPED");
    }

    static List<SuppressedStop> allStops(TestDatabase database) {
        SuppressedStops stops = new SuppressedStops(database.dataSource());
        List<SuppressedStop> all = new ArrayList<>();
        while (true) {
            List<SuppressedStop> page = stops.list(
                            all.isEmpty() ? 0 : all.getLast().number(), LogReader.MAX_LIMIT)
                    .stops();
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
        }
    }
}
