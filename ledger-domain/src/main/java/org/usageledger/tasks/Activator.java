package org.usageledger.tasks;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a task to be activated soon. It exists before the task does, so that what a task needs can be made with the means to activate
 * it; asked before it is wired, it remembers.
 */
public final class Activator {
    private @Nullable Runnable task;
    private boolean early;

    /** Asks for an activation that begins after this call; those asked for before it begins become one. Returns at once. */
    public void activate() {
        Runnable wired;
        synchronized (this) {
            wired = task;
            early = wired == null;
        }
        if (wired != null) {
            wired.run();
        }
    }

    /** @throws IllegalStateException if it activates a task already: one of the two would never hear of it */
    void wire(Runnable activated) {
        boolean asked;
        synchronized (this) {
            if (task != null) {
                throw new IllegalStateException("this activator has its task already");
            }
            task = activated;
            asked = early;
        }
        if (asked) {
            activated.run();
        }
    }
}
