package org.usageledger.api.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers that work side by side, each taking the next piece when it is done with one. */
final class Workers {
    /** Longer than any slice takes on the slowest machine that one would measure on. */
    private static final long DEADLINE_SECONDS = 300;

    private Workers() {}

    @FunctionalInterface
    interface Piece<T> {
        void on(int worker, T piece) throws Exception;
    }

    /** Returns once every piece is done; throws what the first of them threw. */
    static <T> void share(List<T> pieces, int workers, Piece<T> work) throws Exception {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                running.add(threads.submit(() -> {
                    for (int at = next.getAndIncrement(); at < pieces.size(); at = next.getAndIncrement()) {
                        work.on(worker, pieces.get(at));
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
