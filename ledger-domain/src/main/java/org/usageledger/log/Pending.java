package org.usageledger.log;

import java.util.concurrent.CompletableFuture;

/**
 * A request in the queue.
 *
 * @param deadlineNanos on the clock of {@link System#nanoTime}; past it nothing of the request is begun any more
 * @param carried what an observer wants to see again with the transaction
 */
record Pending(
        AppendRequest request,
        CompletableFuture<AppendResult> answer,
        long deadlineNanos,
        AppendObserver.Carried carried) {
    int events() {
        return request.events().size();
    }

    boolean expired() {
        return System.nanoTime() - deadlineNanos >= 0;
    }
}
