package org.usageledger.log.axon;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Fence;
import org.usageledger.log.LogAppender;
import org.usageledger.log.Outcome;

/**
 * One append of Axon's: handed to the appender when its unit of work commits, and done when the appender says so. It is no part of any other
 * transaction.
 */
final class AppendByAppender implements AppendTransaction<AppendResult.Done> {
    /** Where the answer goes on: what follows in the unit of work must not hold up the appender's own thread. */
    private static final Executor ANSWERS =
            task -> Thread.ofVirtual().name("ledger-append-answer").start(task);

    private final LogAppender appender;
    private final AppendRequest request;
    private final ConsistencyMarker marker;
    private final AtomicBoolean over = new AtomicBoolean();

    AppendByAppender(LogAppender appender, AppendRequest request, ConsistencyMarker marker) {
        this.appender = appender;
        this.request = request;
        this.marker = marker;
    }

    @Override
    public CompletableFuture<AppendResult.Done> commit(@Nullable ProcessingContext context) {
        if (over.getAndSet(true)) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("this append was committed or rolled back before"));
        }
        Fence fence = context == null ? null : context.getResource(LedgerStorage.FENCE);
        AppendRequest fenced = new AppendRequest(
                request.events(), request.onConflict(), request.conditions(), Optional.ofNullable(fence));
        return appender.append(fenced).thenApplyAsync(result -> done(result, context), ANSWERS);
    }

    private AppendResult.Done done(AppendResult result, @Nullable ProcessingContext context) {
        return switch (result) {
            case AppendResult.Done done -> {
                if (context != null) {
                    context.putResource(LedgerStorage.OUTCOMES, done.outcomes());
                }
                if (conflicts(done.outcomes())) {
                    throw AppendEventsTransactionRejectedException.conflictingEventsDetected(marker);
                }
                yield done;
            }
            case AppendResult.Unknown unknown -> throw new AppendInDoubt(unknown.retryAfter());
            case AppendResult.Refused refused -> throw new NotAppended(refused);
            case AppendResult.Fenced fenced -> throw new NotAppended(fenced);
            case AppendResult.NodeExpunged expunged -> throw new NotAppended(expunged);
            case AppendResult.Overloaded overloaded -> throw new NotAppended(overloaded);
            case AppendResult.Failed failed -> throw new NotAppended(failed);
        };
    }

    /** All its events are of the one resource with the condition, so that none was recorded if it failed. */
    private static boolean conflicts(List<Outcome> outcomes) {
        return outcomes.stream().anyMatch(Outcome.ConditionFailed.class::isInstance);
    }

    @Override
    public CompletableFuture<ConsistencyMarker> afterCommit(
            AppendResult.Done done, @Nullable ProcessingContext context) {
        // Not the head: what others recorded in the same transaction has not been seen.
        return CompletableFuture.completedFuture(done.outcomes().stream()
                .mapMulti(AppendByAppender::recorded)
                .max(Long::compare)
                .<ConsistencyMarker>map(GlobalIndexConsistencyMarker::new)
                .orElse(marker));
    }

    private static void recorded(Outcome outcome, Consumer<Long> position) {
        if (outcome instanceof Outcome.Recorded recorded) {
            position.accept(recorded.position());
        }
    }

    @Override
    public void rollback(@Nullable ProcessingContext context) {
        over.set(true);
    }
}
