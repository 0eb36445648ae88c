package org.usageledger.projection.axon;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.processing.streaming.segmenting.Segment;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.TokenStore;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;
import org.usageledger.projection.Claim;
import org.usageledger.projection.Follower;
import org.usageledger.projection.ProjectionTable;

/**
 * One projection's token, which is its row: the position in it is moved by the window that is folded, and storing the token only makes
 * sure that it was. So a window that no handler took is never passed over, and a claim that was lost changes nothing.
 */
final class ClaimTokens implements TokenStore {
    /** What PostgreSQL says when a row stayed locked: its owner is in the middle of a window. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Follower model;
    private final String owner;
    private final Duration timeout;
    private final WindowSource source;
    private volatile @Nullable Claim held;

    /** @param source told where the projection stands whenever it is claimed */
    ClaimTokens(Follower model, String owner, Duration timeout, WindowSource source) {
        this.model = model;
        this.owner = owner;
        this.timeout = timeout;
        this.source = source;
    }

    /** The claim as far as this node knows; the database may know better. */
    Optional<Claim> held() {
        return Optional.ofNullable(held);
    }

    /** Forgets the claim, without a word to the database. */
    void forget() {
        held = null;
    }

    @Override
    public CompletableFuture<TrackingToken> fetchToken(
            String processor, int segment, @Nullable ProcessingContext context) {
        return future(() -> claim(Units.connection(context)));
    }

    private TrackingToken claim(Connection transaction) throws SQLException {
        held = null;
        Optional<ProjectionTable.Claimed> claimed;
        try {
            claimed = ProjectionTable.claim(transaction, model, owner, timeout);
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw new UnableToClaimTokenException(model.name() + " is in use", e);
            }
            throw e;
        }
        ProjectionTable.Claimed now =
                claimed.orElseThrow(() -> new UnableToClaimTokenException(model.name() + " has another owner"));
        held = now.claim();
        source.standsAt(now.position());
        return new GlobalSequenceTrackingToken(now.position());
    }

    @Override
    public CompletableFuture<Void> storeToken(
            @Nullable TrackingToken token, String processor, int segment, @Nullable ProcessingContext context) {
        return future(() -> {
            OptionalLong position = extended(Units.connection(context));
            if (!(token instanceof GlobalSequenceTrackingToken wanted)
                    || position.getAsLong() != wanted.getGlobalIndex()) {
                throw new IllegalStateException(
                        model.name() + " stands at " + position + " but was to be passed on to " + token);
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> extendClaim(String processor, int segment, @Nullable ProcessingContext context) {
        return future(() -> {
            extended(Units.connection(context));
            return null;
        });
    }

    private OptionalLong extended(Connection transaction) throws SQLException {
        Claim claim = held;
        if (claim == null) {
            throw new UnableToClaimTokenException(model.name() + " is not claimed by " + owner);
        }
        OptionalLong position = ProjectionTable.extend(transaction, claim);
        if (position.isEmpty()) {
            held = null;
            throw new UnableToClaimTokenException(model.name() + " was taken from " + owner);
        }
        if (position.getAsLong() < source.folded()) {
            // Claimed anew, it goes on from where the database says.
            held = null;
            throw new UnableToClaimTokenException(model.name() + " was set back to " + position.getAsLong());
        }
        return position;
    }

    @Override
    public CompletableFuture<Void> releaseClaim(String processor, int segment, @Nullable ProcessingContext context) {
        return future(() -> {
            Claim claim = held;
            held = null;
            if (claim != null) {
                ProjectionTable.release(Units.connection(context), claim);
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<List<Segment>> fetchAvailableSegments(
            String processor, @Nullable ProcessingContext context) {
        return future(() -> held == null && !ProjectionTable.claimable(Units.connection(context), model, owner, timeout)
                ? List.of()
                : List.of(Segment.ROOT_SEGMENT));
    }

    @Override
    public CompletableFuture<List<Segment>> fetchSegments(String processor, @Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(List.of(Segment.ROOT_SEGMENT));
    }

    @Override
    public CompletableFuture<Segment> fetchSegment(String processor, int segment, @Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(Segment.ROOT_SEGMENT);
    }

    @Override
    public CompletableFuture<String> retrieveStorageIdentifier(@Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture("projection");
    }

    @Override
    public CompletableFuture<List<Segment>> initializeTokenSegments(
            String processor, int segments, @Nullable TrackingToken token, @Nullable ProcessingContext context) {
        return refused();
    }

    @Override
    public CompletableFuture<Void> initializeSegment(
            @Nullable TrackingToken token, String processor, Segment segment, @Nullable ProcessingContext context) {
        return refused();
    }

    @Override
    public CompletableFuture<Void> deleteToken(String processor, int segment, @Nullable ProcessingContext context) {
        return refused();
    }

    private static <T> CompletableFuture<T> refused() {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(
                "a projection's row is created by the migrations, and it has one segment"));
    }

    private static <T> CompletableFuture<T> future(Callable<? extends @Nullable T> work) {
        try {
            return CompletableFuture.completedFuture(work.call());
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
