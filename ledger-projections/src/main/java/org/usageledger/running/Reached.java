package org.usageledger.running;

import org.usageledger.log.CursorRefusal;

/** A snapshot to answer from, or why there is none. */
public sealed interface Reached {

    /**
     * A snapshot that knows of the cursor that was waited for, if one was: an answer from it does as well.
     *
     * @param transaction the caller's to close
     */
    record At(ReadTransaction transaction) implements Reached {}

    /** No snapshot will ever know of it. */
    record Refused(CursorRefusal why) implements Reached {}

    /** It was not reached in time. */
    record TooEarly() implements Reached {}

    /** As many streams stay open as may be. */
    record NoPlace() implements Reached {}
}
