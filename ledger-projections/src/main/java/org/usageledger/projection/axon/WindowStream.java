package org.usageledger.projection.axon;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.log.HeadWatch;
import org.usageledger.projection.Window;

/**
 * Windows from a position on, one at a time: the next is cut when the last was folded, so that none waits in Axon's buffer and a
 * projector that is behind gets large ones. The window travels in the message: what is put into an entry's context is lost on the way.
 */
final class WindowStream implements MessageStream<EventMessage> {
    /** Handlers are found by this name alone; a message of another name would be passed over in silence. */
    static final QualifiedName WINDOW = new QualifiedName("org.usageledger.projection", "Window");

    private static final Logger LOG = LoggerFactory.getLogger(WindowStream.class);
    private static final MessageType TYPE = new MessageType(WINDOW, "1");

    private final HeadWatch heads;
    private final int windowPositions;
    private final AutoCloseable bell;
    private final ReentrantLock lock = new ReentrantLock();
    private long folded;
    private long handedOut;
    /** When a window was handed out or let go last. */
    private long movedNanos;

    private boolean working;
    private boolean closed;
    private volatile Runnable available = () -> {};

    WindowStream(HeadWatch heads, int windowPositions, long after) {
        this.heads = heads;
        this.windowPositions = windowPositions;
        this.folded = after;
        this.handedOut = after;
        bell = heads.onAdvance(this::ring);
    }

    private void ring() {
        available.run();
    }

    void folded(long upTo) {
        lock.lock();
        try {
            folded = Math.max(folded, upTo);
        } finally {
            lock.unlock();
        }
        ring();
    }

    /**
     * After a claim: windows go on from here. Axon keeps the stream where the position claimed is that of the last window handed out, and that
     * is so after a commit that took place but seemed to fail.
     */
    void standsAt(long position) {
        lock.lock();
        try {
            folded = position;
            handedOut = position;
        } finally {
            lock.unlock();
        }
        ring();
    }

    long folded() {
        lock.lock();
        try {
            return folded;
        } finally {
            lock.unlock();
        }
    }

    void taken(boolean begins) {
        lock.lock();
        try {
            working = begins;
            movedNanos = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    boolean lostWindow(Duration longAgo) {
        lock.lock();
        try {
            return folded < handedOut && !working && System.nanoTime() - movedNanos > longAgo.toNanos();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Entry<EventMessage>> next() {
        lock.lock();
        try {
            Window window = upcoming();
            if (window == null) {
                return Optional.empty();
            }
            handedOut = window.upTo();
            movedNanos = System.nanoTime();
            return entry(window);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Entry<EventMessage>> peek() {
        lock.lock();
        try {
            Window window = upcoming();
            return window == null ? Optional.empty() : entry(window);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Window upcoming() {
        long head = heads.head();
        if (closed || folded < handedOut || head <= handedOut) {
            return null;
        }
        return new Window(handedOut, Math.min(head, handedOut + windowPositions));
    }

    private static Optional<Entry<EventMessage>> entry(Window window) {
        EventMessage message = new GenericEventMessage(TYPE, window);
        Context context = TrackingToken.addToContext(Context.empty(), new GlobalSequenceTrackingToken(window.upTo()));
        return MessageStream.just(message, same -> context).next();
    }

    @Override
    public boolean hasNextAvailable() {
        lock.lock();
        try {
            return upcoming() != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void setCallback(Runnable callback) {
        available = callback;
        if (hasNextAvailable()) {
            callback.run();
        }
    }

    @Override
    public Optional<Throwable> error() {
        return Optional.empty();
    }

    @Override
    public boolean isCompleted() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
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
