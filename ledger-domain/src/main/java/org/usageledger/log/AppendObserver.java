package org.usageledger.log;

import java.time.Duration;

/**
 * Told of what the appender does, whoever it is that counts or traces it. Every method returns at once; what it throws is logged and
 * changes nothing.
 */
public interface AppendObserver {
    /** Nobody looks. */
    AppendObserver NONE = new AppendObserver() {};

    /** What travels with a request from the caller to the transaction that carries it; the log passes it on and looks at nothing of it. */
    interface Carried {
        Carried NOTHING = new Carried() {};
    }

    /** Asked on the thread of a caller that hands in a request. */
    default Carried carried() {
        return Carried.NOTHING;
    }

    /** A transaction is durable and its requests have their answers. On the appender's thread. */
    default void committed(Appended transaction) {}

    /**
     * A request has its answer.
     *
     * @param took since it was handed in
     */
    default void answered(AppendResult result, Duration took) {}
}
