package org.usageledger.jobs;

import java.util.Locale;

/** Where an execution stands. */
public enum ExecutionState {
    PENDING,
    RUNNING,
    UNWINDING,
    DONE,
    FAILED,
    STUCK,
    CANCELLED,
    ABANDONED;

    /** The name that readers see, also the stored form. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of a stored name. */
    public static ExecutionState ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Whether it is still being carried out, or waits to be. */
    public boolean active() {
        return this == PENDING || this == RUNNING || this == UNWINDING;
    }
}
