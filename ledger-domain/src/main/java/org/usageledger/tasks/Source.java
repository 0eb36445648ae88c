package org.usageledger.tasks;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Something in this process that tasks depend on. What it is they find out themselves. */
public final class Source {
    private final List<Runnable> dependents = new CopyOnWriteArrayList<>();

    /** Activates the tasks that depend on it. Returns at once. */
    public void changed() {
        dependents.forEach(Runnable::run);
    }

    void wire(Runnable dependent) {
        dependents.add(dependent);
    }
}
