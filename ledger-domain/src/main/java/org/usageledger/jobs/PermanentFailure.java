package org.usageledger.jobs;

/** Thrown by a job that knows that no later attempt will do better: the execution fails at once. Everything else is tried again first. */
public final class PermanentFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param why what an operator reads of it, and what to do */
    public PermanentFailure(String why) {
        super(why);
    }

    public PermanentFailure(String why, Throwable cause) {
        super(why, cause);
    }
}
