package org.usageledger.lifecycle;

import java.time.Instant;

/**
 * The state of a resource: a run is open, or none is. The one fold over a resource's events in position order.
 *
 * <p>An ending without an open run is a stray and changes nothing; a baseline inside an open run changes nothing.
 */
public sealed interface Run {

    /** No run is open. */
    record Closed() implements Run {}

    /**
     * A run is open.
     *
     * @param opened position of its first beginning
     * @param since that beginning's own {@code occurred_at}
     * @param sinceExact whether the resource is known to have begun then
     * @param sized position of the latest beginning that sizes the run
     */
    record Open(long opened, Instant since, boolean sinceExact, long sized) implements Run {}

    /** One event, as the fold sees it. */
    record Step(long position, Instant occurredAt, Effect effect, boolean exact) {}

    /** Where the fold begins. */
    static Run none() {
        return new Closed();
    }

    /** The state after one more event of the same resource. */
    default Run after(Step step) {
        return switch (step.effect()) {
            case NONE -> this;
            case ENDS -> none();
            case BEGINS_AS_BASELINE -> this instanceof Open ? this : open(step);
            case BEGINS ->
                this instanceof Open open
                        ? new Open(open.opened(), open.since(), open.sinceExact(), step.position())
                        : open(step);
        };
    }

    private static Open open(Step step) {
        return new Open(step.position(), step.occurredAt(), step.exact(), step.position());
    }
}
