package org.usageledger.tasks;

import java.util.Arrays;
import java.util.Locale;

/** How an activation ended. */
public enum Outcome {
    SUCCESS,
    FAILED,
    /** Interrupted, because its node stops. */
    STOPPED,
    /** Written by a version that knows more outcomes than this one. Only read. */
    UNKNOWN;

    /** As it is shown and stored. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Outcome ofLabel(String label) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.label().equals(label))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
