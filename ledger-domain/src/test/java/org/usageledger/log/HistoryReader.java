package org.usageledger.log;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Reads the log from its first event on, as a reader would, and notes what it sees, until it has come to a position named later. */
final class HistoryReader {
    static final long NOT_YET = Long.MAX_VALUE;

    private final TestLog log;
    private final History.Reading reading;
    private final int limit;
    private final boolean waits;
    private final AtomicLong end;

    /** @param waits whether it waits for the bell at the end, or asks again and again */
    private HistoryReader(TestLog log, History.Reading reading, int limit, boolean waits, AtomicLong end) {
        this.log = log;
        this.reading = reading;
        this.limit = limit;
        this.waits = waits;
        this.end = end;
    }

    static CompletableFuture<Void> polling(TestLog log, History.Reading reading, int limit, AtomicLong end) {
        return start(new HistoryReader(log, reading, limit, false, end));
    }

    static CompletableFuture<Void> waiting(TestLog log, History.Reading reading, int limit, AtomicLong end) {
        return start(new HistoryReader(log, reading, limit, true, end));
    }

    private static CompletableFuture<Void> start(HistoryReader reader) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                reader.run();
                done.complete(null);
            } catch (InterruptedException | RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private void run() throws InterruptedException {
        Start start = new Start.Oldest();
        while (true) {
            if (!(log.reader.page(start, ReadFilter.ALL, limit) instanceof Page.Events page)) {
                throw new AssertionError(reading.reader + " was refused");
            }
            reading.saw(page.events());
            start = new Start.After(page.next());
            if (page.next().position() >= end.get()) {
                return;
            }
            if (page.events().isEmpty()) {
                pause(page.next().position());
            }
        }
    }

    private void pause(long position) throws InterruptedException {
        if (waits) {
            log.watch.awaitAbove(position, Duration.ofSeconds(1));
        } else {
            LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
        }
    }
}
