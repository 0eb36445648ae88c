package org.usageledger.log;

/** Retention has pruned what a stream had still to deliver: it cannot be ended properly, and its reader goes on by cursor. */
public final class CursorOvertaken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient CursorRefusal why;

    /** @param why the reader cannot go on */
    public CursorOvertaken(CursorRefusal why) {
        super("the log was pruned ahead of the stream: " + why);
        this.why = why;
    }

    public CursorRefusal why() {
        return why;
    }
}
