package org.usageledger.jobs;

import java.util.UUID;

/** The claim on an execution is lost: what was about to be done is not done. */
public final class Fenced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The SQLSTATE by which the database says so. */
    static final String SQLSTATE = "LF001";

    Fenced(UUID execution, String expunged) {
        super("execution " + execution + " was claimed by node " + expunged + ", which was expunged");
    }

    Fenced(UUID execution, long epoch, Throwable cause) {
        super("execution " + execution + " is no longer claimed with epoch " + epoch, cause);
    }
}
