package org.usageledger.api.bench;

/** One of those that are measured side by side. */
interface Contender {
    String name();

    /** What must be ready before the clock starts. */
    default void prepare() throws Exception {}

    /**
     * Does a slice of the work, as fast as it can.
     *
     * @return how much was done, in the contest's unit
     */
    long run() throws Exception;

    /** What must come to rest before the next one's clock starts. */
    default void settle() throws Exception {}
}
