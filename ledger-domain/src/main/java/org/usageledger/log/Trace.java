package org.usageledger.log;

import java.util.List;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.Run;

/**
 * What it takes to tell where a resource stands, without reading all its events: folded, these steps give the same run as all of them.
 *
 * <p>They are its first beginning on record, its last ending, and of what follows that ending the first beginning, the last that is no
 * baseline, and the newest event.
 *
 * @param steps in position order; empty if nothing is on record
 * @param upTo nothing of the resource is newer, up to here
 */
public record Trace(Resource resource, List<Step> steps, Cursor upTo) {
    public Trace {
        steps = List.copyOf(steps);
    }

    /** One event, as the fold sees it, and its state. */
    public record Step(Run.Step step, String state) {}
}
