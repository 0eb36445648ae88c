package org.usageledger.api.foundation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes down what happens to one app and its service. Whatever would happen after the story's end has not happened. */
final class Chronicle {
    private final Blueprint blueprint;
    private final Outages outages;
    private final App app;
    private final List<Occurrence> written = new ArrayList<>();

    Chronicle(Blueprint blueprint, Outages outages, App app) {
        this.blueprint = blueprint;
        this.outages = outages;
        this.app = app;
    }

    void write(Instant at, Transition transition, Occurrence.Subject subject, Occurrence.Sizing sizing) {
        if (at.isBefore(blueprint.until())) {
            written.add(new Occurrence.OfApp(occasion(at, transition.last()), transition, app.ref(), subject, sizing));
        }
    }

    void write(Instant at, String state, Occurrence.ServiceInstance instance) {
        if (at.isBefore(blueprint.until())) {
            written.add(new Occurrence.OfService(occasion(at, state.equals("DELETED")), state, instance));
        }
    }

    /** In the order in which they were written: of one resource that is the order of time. */
    List<Occurrence> written() {
        return written;
    }

    private Occurrence.Occasion occasion(Instant at, boolean last) {
        return new Occurrence.Occasion(
                blueprint.eventGuid(app.number(), written.size()), at, last && outages.swallow(at), app.place());
    }
}
