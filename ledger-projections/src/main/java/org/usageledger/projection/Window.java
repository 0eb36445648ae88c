package org.usageledger.projection;

/**
 * The positions a projection takes in one step.
 *
 * @param after a position, exclusive
 * @param upTo a position, inclusive; never before {@code after}
 */
public record Window(long after, long upTo) {

    public Window {
        if (upTo < after) {
            throw new IllegalArgumentException("A window goes forward: after " + after + ", up to " + upTo);
        }
    }

    /** How many events it holds: positions are dense. */
    public long size() {
        return upTo - after;
    }
}
