package org.usageledger.log.axon;

import org.usageledger.log.AppendResult;

/** The appender's answer was that nothing of the append is recorded, for another reason than a conflict. */
public final class NotAppended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient AppendResult result;

    NotAppended(AppendResult result) {
        super("nothing was recorded: " + result, result instanceof AppendResult.Failed failed ? failed.cause() : null);
        this.result = result;
    }

    /** What the appender said. */
    public AppendResult result() {
        return result;
    }
}
