package org.usageledger.decision;

import org.jspecify.annotations.Nullable;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.Run;
import org.usageledger.log.Trace;

/**
 * Where a resource stands, folded from its events in position order: what decisions about it rest on.
 *
 * @param openedIn the state that opened the run; empty if none is open
 * @param newest position of its newest event, 0 if it has none
 * @param begun whether a beginning is on record
 * @param sizing the beginning that last sized the open run; null if none is open, or if it was not asked for
 */
public record Standing(
        Resource resource,
        Run run,
        String openedIn,
        long newest,
        boolean begun,
        @Nullable UsageEvent sizing) {

    /** Of a resource of which nothing is on record. */
    public static Standing unknown(Resource resource) {
        return new Standing(resource, Run.none(), "", 0, false, null);
    }

    /** What a trace tells; the sizing event is still to be asked for. */
    public static Standing of(Trace trace) {
        Standing standing = unknown(trace.resource());
        for (Trace.Step step : trace.steps()) {
            standing = standing.after(step);
        }
        return standing;
    }

    /** After one more event of this resource. */
    public Standing after(Trace.Step event) {
        Run.Step step = event.step();
        Run next = run.after(step);
        boolean known = begun || step.effect().begins();
        return switch (next) {
            case Run.Closed closed -> new Standing(resource, closed, "", step.position(), known, null);
            case Run.Open open -> {
                String state = open.opened() == step.position() ? event.state() : openedIn;
                UsageEvent size = open.sized() == step.position() ? null : sizing;
                yield new Standing(resource, open, state, step.position(), known, size);
            }
        };
    }

    /** After one more event of this resource, which is kept if it sizes the run. */
    public Standing after(Trace.Step step, UsageEvent event) {
        Standing next = after(step);
        return next.run() instanceof Run.Open open
                        && open.sized() == step.step().position()
                ? next.sizedBy(event)
                : next;
    }

    /** With the event that sizes the open run. */
    public Standing sizedBy(UsageEvent event) {
        return new Standing(resource, run, openedIn, newest, begun, event);
    }
}
