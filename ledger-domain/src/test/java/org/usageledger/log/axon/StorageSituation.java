package org.usageledger.log.axon;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.GenericTaggedEventMessage;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageStream.Entry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.NewEvent;
import org.usageledger.log.TestLog;
import org.usageledger.postgres.testing.TestDatabase;

/** A storage on a test's log, and two resources whose events have nothing to do with each other. */
final class StorageSituation implements AutoCloseable {
    static final long PATIENCE_SECONDS = 20;

    final TestLog log;
    final LedgerStorage storage;
    final String one = UUID.randomUUID().toString();
    final String other = UUID.randomUUID().toString();

    StorageSituation(TestDatabase database) {
        log = new TestLog(database);
        storage = new LedgerStorage(log.appender, log.reader, log.resources, log.watch);
    }

    static EventCriteria criteria(String process) {
        return EventCriteria.havingTags(LedgerTags.of(new Resource(ResourceKind.PROCESS, process)));
    }

    EventCriteria ofOne() {
        return criteria(one);
    }

    EventCriteria ofOther() {
        return criteria(other);
    }

    UsageEvent event(String process) {
        return Events.process(process, "STARTED");
    }

    static TaggedEventMessage<?> tagged(UsageEvent event) {
        EventMessage message = EventMessages.of(NewEvent.ofPlatform(event));
        return new GenericTaggedEventMessage<>(message, new LedgerTags().resolve(message));
    }

    CompletableFuture<AppendTransaction<?>> prepare(AppendCondition condition, UsageEvent... events) {
        return storage.appendEvents(
                condition,
                null,
                Stream.of(events)
                        .<TaggedEventMessage<?>>map(StorageSituation::tagged)
                        .toList());
    }

    CompletableFuture<ConsistencyMarker> begin(AppendCondition condition, UsageEvent... events) {
        return finish(prepare(condition, events));
    }

    ConsistencyMarker append(AppendCondition condition, UsageEvent... events) {
        return done(begin(condition, events));
    }

    void append(UsageEvent... events) {
        append(AppendCondition.none(), events);
    }

    static CompletableFuture<ConsistencyMarker> finish(CompletableFuture<AppendTransaction<?>> prepared) {
        return prepared.thenCompose(transaction -> commit(transaction));
    }

    private static <R> CompletableFuture<ConsistencyMarker> commit(AppendTransaction<R> transaction) {
        return transaction.commit(null).thenCompose(result -> transaction.afterCommit(result, null));
    }

    static <T> T done(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    MessageStream<EventMessage> source(EventCriteria criteria) {
        return storage.source(SourcingCondition.conditionFor(criteria), null);
    }

    static List<Entry<EventMessage>> all(MessageStream<EventMessage> stream) {
        return done(stream.reduce(new ArrayList<>(), (list, entry) -> {
            list.add(entry);
            return list;
        }));
    }

    ConsistencyMarker marker(EventCriteria criteria) {
        return Objects.requireNonNull(all(source(criteria)).getLast().getResource(ConsistencyMarker.RESOURCE_KEY));
    }

    static List<String> guids(List<Entry<EventMessage>> entries) {
        return entries.stream().map(entry -> entry.message().identifier()).toList();
    }

    @Override
    public void close() {
        log.close();
    }
}
