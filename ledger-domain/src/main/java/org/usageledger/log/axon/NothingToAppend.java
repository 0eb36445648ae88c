package org.usageledger.log.axon;

import java.util.concurrent.CompletableFuture;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;

/** An append without events: there is nothing to ask the appender for. */
record NothingToAppend(ConsistencyMarker marker) implements AppendTransaction<ConsistencyMarker> {
    @Override
    public CompletableFuture<ConsistencyMarker> commit(@Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(marker);
    }

    @Override
    public CompletableFuture<ConsistencyMarker> afterCommit(
            ConsistencyMarker committed, @Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(committed);
    }

    @Override
    public void rollback(@Nullable ProcessingContext context) {}
}
