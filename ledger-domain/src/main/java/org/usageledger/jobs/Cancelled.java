package org.usageledger.jobs;

import java.util.UUID;

/** Somebody asked the execution to stop: nothing of the chunk that was about to be done is done. No job catches it. */
public final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Cancelled(UUID execution) {
        super("execution " + execution + " was asked to stop");
    }
}
