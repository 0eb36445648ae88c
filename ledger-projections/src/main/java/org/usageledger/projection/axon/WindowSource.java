package org.usageledger.projection.axon;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.StreamableEventSource;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;
import org.usageledger.log.HeadWatch;

/** The log as a stream of windows: it goes by the head that this node has seen and asks the database nothing. */
final class WindowSource implements StreamableEventSource {
    private final HeadWatch heads;
    private final int windowPositions;
    private final AtomicReference<@Nullable WindowStream> open = new AtomicReference<>();

    /** @param windowPositions in one window at most */
    WindowSource(HeadWatch heads, int windowPositions) {
        this.heads = heads;
        this.windowPositions = windowPositions;
    }

    @Override
    public MessageStream<EventMessage> open(StreamingCondition condition, @Nullable ProcessingContext context) {
        WindowStream stream = new WindowStream(heads, windowPositions, position(condition.position()));
        WindowStream before = open.getAndSet(stream);
        if (before != null) {
            before.close();
        }
        return stream;
    }

    /** Told when a window was folded for good; only then is the next one handed out, as large as the head allows by then. */
    void folded(long upTo) {
        WindowStream stream = open.get();
        if (stream != null) {
            stream.folded(upTo);
        }
    }

    /** Told where the projection stands when it is claimed, whatever was known before: the answer to a commit may have been lost. */
    void standsAt(long position) {
        WindowStream stream = open.get();
        if (stream != null) {
            stream.standsAt(position);
        }
    }

    /** Up to where windows are known to be folded for good; 0 if nobody was fed yet. */
    long folded() {
        WindowStream stream = open.get();
        return stream == null ? 0 : stream.folded();
    }

    /** Told when a window is taken, and when that came to an end, whichever. */
    void taken(boolean begins) {
        WindowStream stream = open.get();
        if (stream != null) {
            stream.taken(begins);
        }
    }

    /** Whether a window was handed out longer ago than this, is not folded, and nobody works on it. */
    boolean lostWindow(Duration longAgo) {
        WindowStream stream = open.get();
        return stream != null && stream.lostWindow(longAgo);
    }

    /** Feeds nobody any more, until the stream is opened anew. */
    void close() {
        WindowStream stream = open.get();
        if (stream != null) {
            stream.close();
        }
    }

    /** Whether anybody is being fed. */
    boolean isOpen() {
        return Optional.ofNullable(open.get())
                .filter(stream -> !stream.isCompleted())
                .isPresent();
    }

    private static long position(TrackingToken token) {
        if (token instanceof GlobalSequenceTrackingToken at) {
            return at.getGlobalIndex();
        }
        throw new IllegalArgumentException("windows begin at a position, not at " + token);
    }

    @Override
    public CompletableFuture<TrackingToken> firstToken(@Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(0));
    }

    @Override
    public CompletableFuture<TrackingToken> latestToken(@Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(heads.head()));
    }

    @Override
    public CompletableFuture<TrackingToken> tokenAt(Instant at, @Nullable ProcessingContext context) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("projections go by position, not by time"));
    }
}
