package org.usageledger.tasks;

import java.time.Duration;
import java.time.Instant;

/**
 * What a node last reported of a task, and what is known of that node now.
 *
 * @param writer which life of the node reported it
 * @param nodeIncarnation which life the node is in now
 * @param nodeState of the node, as it is registered
 * @param nodeSeenAt when it was last heard of, on the database's clock
 * @param unseen for how long it has not been heard of, on the same clock
 */
public record NodeReport(
        NodeLife writer,
        long nodeIncarnation,
        String nodeState,
        Instant nodeSeenAt,
        Duration unseen,
        TaskStatus status) {

    /**
     * Whether the process that wrote this is no more: what it says is running is not.
     *
     * @param silence after which a node that is not heard of counts as dead
     */
    public boolean processGone(Duration silence) {
        return writer.incarnation() < nodeIncarnation || unseen.compareTo(silence) > 0;
    }
}
