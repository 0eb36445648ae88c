package org.usageledger.jobs;

import java.util.Locale;

/** Where a node stands. */
public enum NodeState {
    STARTING,
    ACTIVE,
    /** Asked to hand over what it does. */
    QUIESCING,
    /** It has handed over, or was stopped in order. */
    DRAINED,
    /** Taken for dead by an operator: its name never comes back. */
    EXPUNGED;

    /** The name that readers see, also the stored form. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of a stored name. */
    public static NodeState ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
