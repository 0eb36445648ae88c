package org.usageledger.api.events;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What all appends under way may hold together: each takes its share before its body is read and gives it back with its answer, so that
 * many senders at once are felt by the senders and not by the heap. First come, first served: a large request is not overtaken for ever.
 */
@Singleton
final class AppendMemory {
    /** Fine enough for a single event, coarse enough to count gigabytes. */
    private static final int PERMIT_BYTES = 1024;

    /** Longer than a full queue takes to drain a few transactions, shorter than a sender's own patience. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Semaphore permits;
    private final long requestBytes;

    AppendMemory(IngestLimits limits) {
        permits = new Semaphore(permits(limits.appendMemory()), true);
        requestBytes = limits.requestBytes();
    }

    /** A part of it, given back by closing; closed once. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for this request's share; empty if it does not come free in time. */
    Optional<Share> take(HttpRequest<?> request) throws InterruptedException {
        int share = permits(mostBytes(request));
        return permits.tryAcquire(share, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                ? Optional.of(() -> permits.release(share))
                : Optional.empty();
    }

    /** A body's size is known beforehand only where it is told and not compressed. */
    private long mostBytes(HttpRequest<?> request) {
        long told = request.getContentLength();
        boolean known = told >= 0 && !request.getHeaders().contains(HttpHeaders.CONTENT_ENCODING);
        return known ? Math.min(told, requestBytes) : requestBytes;
    }

    private static int permits(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, PERMIT_BYTES));
    }
}
