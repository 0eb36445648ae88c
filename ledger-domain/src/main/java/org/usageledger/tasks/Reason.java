package org.usageledger.tasks;

import java.util.Arrays;
import java.util.Locale;

/** Why a task was activated. Of several reasons the first in this order is told. */
public enum Reason {
    /** Somebody asked for it. */
    SIGNAL,
    /** A task that it comes after has ended, or something in this process has changed. */
    DEPENDENCY,
    /** Something in the database has changed, or may have while nobody listened. */
    NOTIFICATION,
    /** It was time, as it is at start. */
    TIMER,
    /** Written by a version that knows more reasons than this one. Only read. */
    UNKNOWN;

    /** As it is shown and stored. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Reason ofLabel(String label) {
        return Arrays.stream(values())
                .filter(reason -> reason.label().equals(label))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
