package org.usageledger.projection.axon;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.messaging.core.Message;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventHandler;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.usageledger.projection.Claim;
import org.usageledger.projection.FoldObserver;
import org.usageledger.projection.Follower;
import org.usageledger.projection.PositionWatch;
import org.usageledger.projection.ProjectionTable;
import org.usageledger.projection.Superseded;
import org.usageledger.projection.Window;

/** Folds a window: the position is moved and the rows are changed in the unit's transaction, or neither. */
final class WindowHandler implements EventHandler {
    private final Follower model;
    private final ClaimTokens tokens;
    private final WindowSource source;
    private final PositionWatch positions;
    private final FoldObserver observer;

    WindowHandler(
            Follower model, ClaimTokens tokens, WindowSource source, PositionWatch positions, FoldObserver observer) {
        this.model = model;
        this.tokens = tokens;
        this.source = source;
        this.positions = positions;
        this.observer = observer;
    }

    @Override
    public MessageStream.Empty<Message> handle(EventMessage event, ProcessingContext context) {
        try {
            if (!(event.payload() instanceof Window window)) {
                throw new IllegalArgumentException("not a window: " + event.type());
            }
            context.putResource(Troubles.WINDOW, window);
            source.taken(true);
            context.doFinally(ended -> source.taken(false));
            Instant began = Instant.now();
            long beganNanos = System.nanoTime();
            fold(Units.connection(context), window);
            context.runOnAfterCommit(committed -> {
                positions.reached(model.name(), window.upTo());
                source.folded(window.upTo());
                Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
                observer.folded(new FoldObserver.Folded(model.name(), window, began, took));
            });
            return MessageStream.empty();
        } catch (SQLException | RuntimeException e) {
            return MessageStream.failed(e);
        }
    }

    private void fold(Connection transaction, Window window) throws SQLException {
        Claim claim = tokens.held()
                .orElseThrow(() -> new IllegalStateException(model.name() + " is not claimed by this node"));
        int slot = ProjectionTable.move(transaction, claim, window).orElseThrow(() -> new Superseded(claim, window));
        model.fold(transaction, slot, window);
    }
}
