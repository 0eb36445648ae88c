package org.usageledger.log.axon;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.EventCriterion;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.axonframework.messaging.eventstreaming.Tag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.log.Cursor;
import org.usageledger.log.CursorOvertaken;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogReader;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.Page;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;

/**
 * The log from a position on, without an end: what is not there yet is rung for. A narrowed stream reads everything and hands out what matches, so it
 * costs what the whole log costs.
 */
final class StreamedEvents implements MessageStream<EventMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamedEvents.class);
    private static final Set<String> TAGS = Set.of(LedgerTags.RESOURCE, LedgerTags.ORGANIZATION, LedgerTags.SPACE);

    /** Events in a page. */
    private static final int PAGE_EVENTS = 500;

    /** Pages that one call looks through for an event that matches, so that whoever asks is not held up by what does not. */
    private static final int PAGES_A_LOOK = 4;

    private final LogReader reader;
    private final HeadWatch heads;
    private final EventMessages messages = new EventMessages();
    private final EventCriteria criteria;
    private final AutoCloseable bell;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Entry<EventMessage>> ready = new ArrayDeque<>();
    private long position;
    private @Nullable Cursor next;
    private boolean closed;
    private @Nullable RuntimeException failure;
    private volatile Runnable available = () -> {};

    StreamedEvents(LogReader reader, HeadWatch heads, StreamingCondition condition) {
        this.reader = reader;
        this.heads = heads;
        this.criteria = condition.criteria();
        this.position = position(condition.position());
        bell = heads.onAdvance(this::ring);
    }

    private static long position(@Nullable TrackingToken token) {
        return switch (token) {
            case null -> 0;
            case GlobalSequenceTrackingToken at -> at.getGlobalIndex();
            default -> throw new IllegalArgumentException("a stream begins at a position, not at " + token);
        };
    }

    /** @throws IllegalArgumentException if the criteria name what no event of the ledger has, and so would wait for ever */
    static void check(EventCriteria criteria) {
        for (EventCriterion criterion : criteria.flatten()) {
            for (Tag tag : criterion.tags()) {
                if (!TAGS.contains(tag.key())) {
                    throw new IllegalArgumentException(
                            "no event of the ledger has a tag " + tag.key() + "; they have " + TAGS);
                }
            }
            for (QualifiedName type : criterion.types()) {
                if (EventMessages.state(EventKind.APP, type).isEmpty()
                        && EventMessages.state(EventKind.SERVICE, type).isEmpty()) {
                    throw new IllegalArgumentException("no event of the ledger is called " + type
                            + "; they are called org.usageledger.app.STATE and org.usageledger.service.STATE");
                }
            }
        }
    }

    private void ring() {
        available.run();
    }

    /** Reads until something is ready, the end is reached, or enough was looked at. */
    private void fill() {
        int pages = 0;
        while (ready.isEmpty() && !closed && failure == null && position < heads.head()) {
            if (pages == PAGES_A_LOOK) {
                Thread.ofVirtual().name("ledger-stream-goes-on").start(this::ring);
                return;
            }
            readPage();
            pages++;
        }
    }

    private void readPage() {
        try {
            Cursor from = next == null ? begin() : next;
            switch (reader.page(new Start.After(from), ReadFilter.ALL, PAGE_EVENTS)) {
                case Page.Refused refused -> throw new CursorOvertaken(refused.why());
                case Page.Events page -> {
                    page.events().forEach(this::take);
                    next = page.next();
                    position = page.next().position();
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** A token knows its position only: what was pruned before the stream was opened is passed over. */
    private Cursor begin() {
        Cursor now = reader.horizon().cursor();
        return new Cursor(now.epoch(), position, now.step());
    }

    private void take(LoggedEvent event) {
        EventMessage message = messages.of(event);
        if (message.payload() instanceof UsageEvent usage
                && criteria.matches(message.type().qualifiedName(), LedgerTags.of(usage))) {
            Context token =
                    TrackingToken.addToContext(Context.empty(), new GlobalSequenceTrackingToken(event.position()));
            ready.add(new SimpleEntry<>(message, token));
        }
    }

    @Override
    public Optional<Entry<EventMessage>> next() {
        lock.lock();
        try {
            fill();
            return Optional.ofNullable(ready.poll());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Entry<EventMessage>> peek() {
        lock.lock();
        try {
            fill();
            return Optional.ofNullable(ready.peek());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasNextAvailable() {
        return peek().isPresent();
    }

    @Override
    public void setCallback(Runnable callback) {
        available = callback;
        if (hasNextAvailable() || isCompleted()) {
            callback.run();
        }
    }

    @Override
    public Optional<Throwable> error() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isCompleted() {
        lock.lock();
        try {
            return ready.isEmpty() && (closed || failure != null);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ready.clear();
        } finally {
            lock.unlock();
        }
        try {
            bell.close();
        } catch (Exception e) {
            LOG.debug("silencing the bell of a closed stream", e);
        }
    }
}
