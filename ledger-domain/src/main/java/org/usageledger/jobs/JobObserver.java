package org.usageledger.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/** Told of what a node carries out, whoever it is that counts or traces it. Every method returns at once and throws nothing. */
@FunctionalInterface
public interface JobObserver {
    /** Another service has this node's name: whatever else is done in that name must stop as well. Once. */
    void stopped();

    /** A transaction of an execution has ended, well or not. */
    default void worked(Work work) {}

    /** This node's attempt at an execution has ended, the execution with it or not. */
    default void attempted(String job, Attempt how) {}

    /** This node has brought an execution to its end; one that an operator ended in between is not told. */
    default void ended(String job, ExecutionState how) {}

    /**
     * One transaction of an execution.
     *
     * @param step which of the job's steps it belongs to
     * @param failed whether nothing of it was done
     */
    record Work(String job, UUID execution, int step, Instant began, Duration took, boolean failed) {}

    /** How an attempt to carry out an execution ended on this node. */
    enum Attempt {
        /** Carried out to its end. */
        DONE,
        /** It failed; it is tried again, or given up. */
        FAILED,
        /** Another node has it. */
        FENCED,
        /** Given back, because this node stops. */
        RELEASED;

        /** As it is shown. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
