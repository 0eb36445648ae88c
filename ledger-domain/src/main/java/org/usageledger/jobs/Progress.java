package org.usageledger.jobs;

/**
 * How far an execution has come.
 *
 * @param position of the log up to which it has worked
 * @param goal the position it is going to, as far as is known
 * @param note what the job must know to go on after this chunk; empty if the rest says it all
 */
public record Progress(long position, long goal, String note) {
    /** Nowhere, on the way to nowhere. */
    static final Progress NONE = new Progress(0, 0);

    /** Where nothing else needs to be known. */
    public Progress(long position, long goal) {
        this(position, goal, "");
    }
}
