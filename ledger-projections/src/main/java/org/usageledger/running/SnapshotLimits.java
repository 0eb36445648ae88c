package org.usageledger.running;

import java.time.Duration;

/**
 * What whole snapshots may take of the database, since each holds a connection for as long as its reader takes.
 *
 * @param concurrent snapshots open at a time, at most
 * @param patience how long to wait for a place among them
 * @param longest after which a snapshot is cut off, however far its reader has come
 */
public record SnapshotLimits(int concurrent, Duration patience, Duration longest) {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    public SnapshotLimits {
        if (concurrent < 1) {
            throw new IllegalArgumentException("at least one snapshot has a place, not " + concurrent);
        }
    }

    /** Leaves half of so many connections, and one of an odd number more, to short questions. */
    public static SnapshotLimits within(int connections) {
        return new SnapshotLimits(Math.max(1, connections / 2), PATIENCE, LONGEST);
    }
}
