package org.usageledger.projection;

import java.time.Duration;
import java.time.Instant;

/** Told of what this node projects, whoever it is that counts or traces it; returns at once and throws nothing. */
@FunctionalInterface
public interface FoldObserver {
    /** A window is in a projection's rows for good. */
    void folded(Folded window);

    /**
     * One window of one projection.
     *
     * @param took from its beginning until it was committed
     */
    record Folded(String projection, Window window, Instant began, Duration took) {}
}
