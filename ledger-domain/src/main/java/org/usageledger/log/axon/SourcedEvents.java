package org.usageledger.log.axon;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.TerminalEventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.jspecify.annotations.Nullable;
import org.usageledger.log.HistoryPage;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.ResourceReader;

/**
 * One resource's events up to what was confirmed when it was opened, page by page, then the marker: the position up to which nothing of the resource was
 * missed. Used by one thread.
 */
final class SourcedEvents implements MessageStream<EventMessage> {
    private final ResourceReader resources;
    private final EventMessages messages = new EventMessages();
    private final OneResource wanted;
    private final Deque<Entry<EventMessage>> ready = new ArrayDeque<>();
    private HistoryPage page;
    private boolean marked;
    private @Nullable RuntimeException failure;

    SourcedEvents(ResourceReader resources, OneResource wanted, long after) {
        this.resources = resources;
        this.wanted = wanted;
        page = resources.open(wanted.resource(), wanted.states(), after);
        take(page);
    }

    /** Of which history its events are. */
    int epoch() {
        return page.horizon().epoch();
    }

    private void take(HistoryPage read) {
        for (LoggedEvent event : read.events()) {
            Context context =
                    TrackingToken.addToContext(Context.empty(), new GlobalSequenceTrackingToken(event.position()));
            ready.add(new SimpleEntry<>(messages.of(event), context));
        }
    }

    private void fill() {
        while (ready.isEmpty() && !marked && failure == null) {
            if (page.ended()) {
                marked = true;
                ready.add(marker(page.horizon().position()));
            } else {
                readOn();
            }
        }
    }

    private void readOn() {
        try {
            page = resources.next(wanted.resource(), wanted.states(), page);
            take(page);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private static Entry<EventMessage> marker(long upTo) {
        return new SimpleEntry<>(
                TerminalEventMessage.INSTANCE,
                Context.with(ConsistencyMarker.RESOURCE_KEY, new GlobalIndexConsistencyMarker(upTo)));
    }

    @Override
    public Optional<Entry<EventMessage>> next() {
        fill();
        return Optional.ofNullable(ready.poll());
    }

    @Override
    public Optional<Entry<EventMessage>> peek() {
        fill();
        return Optional.ofNullable(ready.peek());
    }

    @Override
    public boolean hasNextAvailable() {
        fill();
        return !ready.isEmpty();
    }

    @Override
    public boolean isCompleted() {
        fill();
        return ready.isEmpty();
    }

    @Override
    public Optional<Throwable> error() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void setCallback(Runnable callback) {
        // All there is can be had at once.
        callback.run();
    }

    @Override
    public void close() {
        marked = true;
        ready.clear();
    }
}
