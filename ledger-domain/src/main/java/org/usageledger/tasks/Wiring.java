package org.usageledger.tasks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A task and what wakes it, besides its period.
 *
 * @param after names of tasks; whenever an activation of one of them has ended, however it did, this task is activated
 * @param sources in this process, likewise
 * @param listens whether it is activated when {@link TaskChannel#announce} is called on any node
 */
public record Wiring(
        BackgroundTask task, Activator activator, Set<String> after, List<Source> sources, boolean listens) {

    public Wiring {
        after = Set.copyOf(after);
        sources = List.copyOf(sources);
    }

    /** Woken by its period and its activator alone. */
    public static Wiring of(BackgroundTask task, Activator activator) {
        return new Wiring(task, activator, Set.of(), List.of(), false);
    }

    /** Also woken whenever that task has ended an activation. */
    public Wiring after(String name) {
        Set<String> more = new HashSet<>(after);
        more.add(name);
        return new Wiring(task, activator, more, sources, listens);
    }

    /** Also woken by this source. */
    public Wiring on(Source source) {
        List<Source> more = new ArrayList<>(sources);
        more.add(source);
        return new Wiring(task, activator, after, more, listens);
    }

    /** Also woken by what any node announces. */
    public Wiring listening() {
        return new Wiring(task, activator, after, sources, true);
    }
}
