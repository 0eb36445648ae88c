package org.usageledger.projection.axon;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.processing.EventProcessingException;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.UnableToClaimTokenException;
import org.usageledger.projection.ProjectionFault;
import org.usageledger.projection.ProjectionStatus.Trouble;
import org.usageledger.projection.Superseded;
import org.usageledger.projection.Window;

/**
 * What keeps this node from projecting, from the first failure to the next success of the same sort; that of a window also ends where
 * another node has folded it.
 */
final class Troubles {
    /** The window that a unit of work folds; there is none where it only keeps the claim. */
    static final Context.ResourceKey<Window> WINDOW = Context.ResourceKey.withLabel("window");

    private final Clock clock;
    private final AtomicReference<Optional<Stuck>> folding = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Trouble>> claiming = new AtomicReference<>(Optional.empty());

    /** @param after where the projection stands as long as the window is not folded */
    private record Stuck(long after, Trouble trouble) {}

    Troubles(Clock clock) {
        this.clock = clock;
    }

    /** @param position where the projection stands by the database, whoever has brought it there */
    Optional<Trouble> now(long position) {
        return folding.get()
                .filter(stuck -> position <= stuck.after())
                .map(Stuck::trouble)
                .or(claiming::get);
    }

    void failed(ProcessingContext context, Throwable failure) {
        Throwable told = told(failure);
        if (told instanceof UnableToClaimTokenException || told instanceof Superseded) {
            // That another node has the projection is no trouble.
            return;
        }
        Window window = context.getResource(WINDOW);
        if (window == null) {
            claiming.updateAndGet(before -> Optional.of(since(before, told.toString())));
        } else {
            String error = "window after " + window.after() + " up to " + window.upTo() + ": " + told;
            folding.updateAndGet(before -> Optional.of(new Stuck(
                    window.after(),
                    since(
                            before.filter(stuck -> stuck.after() == window.after())
                                    .map(Stuck::trouble),
                            error))));
        }
    }

    private Trouble since(Optional<Trouble> before, String error) {
        return new Trouble(error, before.map(Trouble::since).orElseGet(clock::instant));
    }

    /** Axon wraps what a handler throws in a sentence that says nothing. */
    private static Throwable told(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapped = failure instanceof EventProcessingException || failure instanceof ProjectionFault;
        return wrapped && cause != null ? cause : failure;
    }

    void succeeded(ProcessingContext context) {
        claiming.set(Optional.empty());
        if (context.containsResource(WINDOW)) {
            folding.set(Optional.empty());
        }
    }
}
