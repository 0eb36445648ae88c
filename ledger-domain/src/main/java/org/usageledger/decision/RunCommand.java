package org.usageledger.decision;

import java.util.Optional;
import org.usageledger.event.Body;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** What can be asked of a resource's run. */
public sealed interface RunCommand {

    /** Whose run it is about. */
    Resource resource();

    /** What it rests on, if it is a list. */
    default Optional<Listing> list() {
        return switch (this) {
            case StartBaseline start -> Optional.of(start.listing());
            case EndRun end -> Optional.of(end.listing());
            case RecordTaskStop stop -> Optional.empty();
        };
    }

    /**
     * Say that the resource runs, because it is listed.
     *
     * @param fields of the listed resource, in the shape of its platform's usage event
     */
    record StartBaseline(Resource resource, Body fields, Listing listing) implements RunCommand {}

    /** End the resource's run, because it is not listed any more. */
    record EndRun(Resource resource, Listing listing) implements RunCommand {}

    /** Record that a task stopped, as the platform says. */
    record RecordTaskStop(UsageEvent stop) implements RunCommand {
        public RecordTaskStop {
            boolean ofTask = stop.resource()
                    .filter(resource -> resource.kind() == ResourceKind.TASK)
                    .isPresent();
            if (!ofTask || stop.effect() != Effect.ENDS) {
                throw new IllegalArgumentException("not the stop of a task: " + stop.state() + " " + stop.guid());
            }
        }

        @Override
        public Resource resource() {
            return stop.resource().orElseThrow();
        }
    }
}
