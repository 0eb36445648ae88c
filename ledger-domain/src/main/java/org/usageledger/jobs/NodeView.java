package org.usageledger.jobs;

import java.time.Instant;
import java.util.Optional;

/**
 * A node as the database knows it. Times are the database's.
 *
 * @param incarnation raised at each start
 * @param generation of its code: executions go on only where it agrees
 * @param heard whether it was heard of within a lease: a node that is not may still live, but holds nothing for long
 * @param executions in its hands
 */
public record NodeView(
        String name,
        long incarnation,
        int generation,
        NodeState state,
        Instant startedAt,
        Instant seenAt,
        boolean heard,
        Optional<ExecutionView.Said> quiesced,
        Optional<ExecutionView.Said> expunged,
        long executions) {

    /** Whether it should be heard of, and is not: it ended without signing off, or cannot reach the database. */
    public boolean silent() {
        return switch (state) {
            case STARTING, ACTIVE, QUIESCING -> !heard;
            case DRAINED, EXPUNGED -> false;
        };
    }
}
