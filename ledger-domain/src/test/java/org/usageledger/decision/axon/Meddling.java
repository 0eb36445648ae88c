package org.usageledger.decision.axon;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.usageledger.postgres.DatabaseAddress;

/** Something happens between the look at a resource and the append that rests on it. */
class Meddling implements EventStorageEngine {
    private final EventStorageEngine storage;
    private final Runnable meanwhile;
    final AtomicInteger appends = new AtomicInteger();

    Meddling(EventStorageEngine storage, Runnable meanwhile) {
        this.storage = storage;
        this.meanwhile = meanwhile;
    }

    @Override
    public CompletableFuture<AppendTransaction<?>> appendEvents(
            AppendCondition condition, @Nullable ProcessingContext context, List<TaggedEventMessage<?>> events) {
        appends.incrementAndGet();
        meanwhile.run();
        return storage.appendEvents(condition, context, events);
    }

    @Override
    public MessageStream<EventMessage> source(SourcingCondition condition, @Nullable ProcessingContext context) {
        return storage.source(condition, context);
    }

    @Override
    public MessageStream<EventMessage> stream(StreamingCondition condition, @Nullable ProcessingContext context) {
        return storage.stream(condition, context);
    }

    @Override
    public CompletableFuture<TrackingToken> firstToken(@Nullable ProcessingContext context) {
        return storage.firstToken(context);
    }

    @Override
    public CompletableFuture<TrackingToken> latestToken(@Nullable ProcessingContext context) {
        return storage.latestToken(context);
    }

    @Override
    public CompletableFuture<TrackingToken> tokenAt(Instant at, @Nullable ProcessingContext context) {
        return storage.tokenAt(at, context);
    }

    @Override
    public void describeTo(ComponentDescriptor descriptor) {
        storage.describeTo(descriptor);
    }

    /** A database that is looked at, and on the second look something has happened. */
    static final class BetweenLooks extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;
        final AtomicInteger looks = new AtomicInteger();
        private final transient Runnable meanwhile;

        BetweenLooks(DatabaseAddress address, Runnable meanwhile) {
            this.meanwhile = meanwhile;
            setUrl(address.url());
            setUser(address.user());
            setPassword(address.password());
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (looks.incrementAndGet() == 2) {
                meanwhile.run();
            }
            return super.getConnection();
        }
    }
}
