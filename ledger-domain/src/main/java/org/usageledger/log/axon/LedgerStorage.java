package org.usageledger.log.axon;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexPosition;
import org.axonframework.eventsourcing.eventstore.Position;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.Condition;
import org.usageledger.log.Cursor;
import org.usageledger.log.Fence;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.log.LogReader;
import org.usageledger.log.NewEvent;
import org.usageledger.log.Outcome;
import org.usageledger.log.ResourceReader;

/**
 * The log as Axon's event storage engine, bounded to what the ledger can serve soundly and without a walk through the log:
 *
 * <ul>
 *   <li>it records usage events and nothing else, without the metadata of their messages;
 *   <li>it sources, and conditions an append on, one resource with any of its states. A condition is judged for the whole resource, so it may reject
 *       where states alone would not, and never the other way round;
 *   <li>an append under a condition holds events of that resource only, so that it is recorded whole or not at all;
 *   <li>a stream goes by position and may be narrowed by the ledger's tags and states;
 *   <li>tokens and markers are positions: everything up to and including them has been seen.
 * </ul>
 *
 * Everything else is refused with an {@link IllegalArgumentException} that names what is allowed.
 */
public final class LedgerStorage implements EventStorageEngine {
    /** Of the execution in whose name a unit of work appends; without it the append is not fenced. */
    public static final Context.ResourceKey<Fence> FENCE = Context.ResourceKey.withLabel("ledgerFence");

    /** The history of which a unit of work has read. */
    private static final Context.ResourceKey<Integer> HISTORY = Context.ResourceKey.withLabel("ledgerHistory");

    /** What became of each event that a unit of work appended, once it is committed. */
    public static final Context.ResourceKey<List<Outcome>> OUTCOMES = Context.ResourceKey.withLabel("ledgerOutcomes");

    private final LogAppender appender;
    private final LogReader reader;
    private final ResourceReader resources;
    private final HeadWatch heads;

    /** @param heads rings when a stream has more to read */
    public LedgerStorage(LogAppender appender, LogReader reader, ResourceReader resources, HeadWatch heads) {
        this.appender = appender;
        this.reader = reader;
        this.resources = resources;
        this.heads = heads;
    }

    @Override
    public CompletableFuture<AppendTransaction<?>> appendEvents(
            AppendCondition condition, @Nullable ProcessingContext context, List<TaggedEventMessage<?>> events) {
        return future(() -> {
            if (events.isEmpty()) {
                return new NothingToAppend(condition.consistencyMarker());
            }
            List<NewEvent> fresh = events.stream()
                    .map(tagged -> EventMessages.toAppend(tagged.event()))
                    .toList();
            List<Condition> conditions = conditions(condition, fresh, history(context));
            AppendRequest request =
                    new AppendRequest(fresh, AppendRequest.OnConflict.REFUSE_REQUEST, conditions, Optional.empty());
            return new AppendByAppender(appender, request, condition.consistencyMarker());
        });
    }

    private static List<Condition> conditions(AppendCondition condition, List<NewEvent> events, int history) {
        ConsistencyMarker marker = condition.consistencyMarker();
        if (marker.equals(ConsistencyMarker.INFINITY)) {
            return List.of();
        }
        OneResource one = OneResource.of(condition.criteria());
        for (NewEvent event : events) {
            if (!event.resource().equals(Optional.of(one.resource()))) {
                throw new IllegalArgumentException("an append under a condition on " + one.resource()
                        + " holds events of it only; this one holds " + event);
            }
        }
        long after = marker.equals(ConsistencyMarker.ORIGIN)
                ? 0
                : Math.max(0, GlobalIndexConsistencyMarker.position(marker));
        return List.of(new Condition(one.resource(), new Cursor(history, after, 0)));
    }

    /** Without one the marker is taken for one of the present history, as it comes without a history of its own. */
    private static int history(@Nullable ProcessingContext context) {
        Integer sourced = context == null ? null : context.getResource(HISTORY);
        return sourced == null ? Integer.MAX_VALUE : sourced;
    }

    @Override
    public MessageStream<EventMessage> source(SourcingCondition condition, @Nullable ProcessingContext context) {
        try {
            OneResource one = OneResource.of(condition.criteria());
            long after = condition.start().equals(Position.START) ? 0 : GlobalIndexPosition.toIndex(condition.start());
            SourcedEvents events = new SourcedEvents(resources, one, Math.max(0, after));
            if (context != null) {
                // The first is the oldest.
                context.putResourceIfAbsent(HISTORY, events.epoch());
            }
            return events;
        } catch (RuntimeException e) {
            return MessageStream.failed(e).cast();
        }
    }

    @Override
    public MessageStream<EventMessage> stream(StreamingCondition condition, @Nullable ProcessingContext context) {
        StreamedEvents.check(condition.criteria());
        return new StreamedEvents(reader, heads, condition);
    }

    @Override
    public CompletableFuture<TrackingToken> firstToken(@Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(0));
    }

    @Override
    public CompletableFuture<TrackingToken> latestToken(@Nullable ProcessingContext context) {
        return future(() -> new GlobalSequenceTrackingToken(reader.horizon().position()));
    }

    /** By recording time, which goes up with the positions as long as the database's clock does. */
    @Override
    public CompletableFuture<TrackingToken> tokenAt(Instant at, @Nullable ProcessingContext context) {
        return future(() -> new GlobalSequenceTrackingToken(reader.positionBefore(at)));
    }

    private static <T> CompletableFuture<T> future(Callable<? extends T> work) {
        try {
            return CompletableFuture.completedFuture(work.call());
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void describeTo(ComponentDescriptor descriptor) {
        descriptor.describeProperty("appender", appender.status());
    }
}
