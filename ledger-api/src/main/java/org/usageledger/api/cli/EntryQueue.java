package org.usageledger.api.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads ahead while a request is under way, bounded in events and bytes. A request is sent when it is full, or when the input has
 * nothing more to give for a moment, so that a pipe that is still written need not fill one.
 */
final class EntryQueue implements AutoCloseable {
    static final Duration LINGER = Duration.ofMillis(200);
    private static final int AHEAD_EVENTS = 4096;
    private static final int AHEAD_BYTES = 8 << 20;

    private final EventSource source;
    private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(AHEAD_EVENTS);
    private final Semaphore room = new Semaphore(AHEAD_BYTES);
    private final Thread reader;
    private @Nullable Item first;

    EntryQueue(EventSource source) {
        this.source = source;
        reader = Thread.ofPlatform().daemon().name("input").start(this::read);
    }

    /** The events of the next request; empty at the end of the input. */
    List<Entry> next(RequestLimits limits) throws IOException, InterruptedException {
        List<Entry> taken = new ArrayList<>();
        long bytes = 0;
        Item item = first == null ? items.take() : first;
        first = null;
        while (item instanceof Item.Read(Entry entry)) {
            bytes += entry.json().size() + 1;
            if (!taken.isEmpty() && bytes > limits.bytes()) {
                first = item;
                return taken;
            }
            taken.add(entry);
            room.release(entry.json().size());
            if (taken.size() >= limits.events()) {
                return taken;
            }
            Item following = items.poll(LINGER.toNanos(), TimeUnit.NANOSECONDS);
            if (following == null) {
                return taken;
            }
            item = following;
        }
        first = item;
        if (taken.isEmpty() && item instanceof Item.Broken(Exception cause)) {
            throw readingFailed(cause);
        }
        return taken;
    }

    @Override
    public void close() {
        reader.interrupt();
    }

    private static IOException readingFailed(Exception cause) {
        if (cause instanceof CommandFailed failed) {
            throw failed;
        }
        return new IOException("reading the input: " + cause.getMessage(), cause);
    }

    private void read() {
        try {
            for (Entry entry = source.next(); entry != null; entry = source.next()) {
                room.acquire(entry.json().size());
                items.put(new Item.Read(entry));
            }
            items.put(new Item.End());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            announce(e);
        }
    }

    private void announce(Exception cause) {
        try {
            items.put(new Item.Broken(cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private sealed interface Item {
        record Read(Entry entry) implements Item {}

        record End() implements Item {}

        record Broken(Exception cause) implements Item {}
    }
}
