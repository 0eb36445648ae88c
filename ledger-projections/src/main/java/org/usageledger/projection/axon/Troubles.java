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
import org.usageledger.projection.Window;

/** What keeps this node from projecting, from the first failure to the next success of the same sort. */
final class Troubles {
    /** The window that a unit of work folds; there is none where it only keeps the claim. */
    static final Context.ResourceKey<Window> WINDOW = Context.ResourceKey.withLabel("window");

    private final Clock clock;
    private final AtomicReference<Optional<Trouble>> folding = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Trouble>> claiming = new AtomicReference<>(Optional.empty());

    Troubles(Clock clock) {
        this.clock = clock;
    }

    Optional<Trouble> now() {
        return folding.get().or(claiming::get);
    }

    void failed(ProcessingContext context, Throwable failure) {
        // That another node has the projection is no trouble.
        if (!(failure instanceof UnableToClaimTokenException)) {
            Window window = context.getResource(WINDOW);
            String where = window == null ? "" : "window after " + window.after() + " up to " + window.upTo() + ": ";
            Trouble trouble = new Trouble(where + told(failure), clock.instant());
            (window == null ? claiming : folding)
                    .updateAndGet(before -> Optional.of(before.map(Trouble::since)
                            .map(since -> new Trouble(trouble.error(), since))
                            .orElse(trouble)));
        }
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
