package org.usageledger.api.foundation;

import java.time.Instant;
import java.util.Optional;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.lifecycle.Lifecycle;
import org.usageledger.lifecycle.Resource;

/** Something that happened on the foundation, as Cloud Controller would write it down. */
public sealed interface Occurrence {
    /** What all have in common. */
    Occasion occasion();

    /** The state that its event carries. */
    String state();

    /** The kind of its event. */
    EventKind kind();

    /** What ran, or ended; empty where the state says nothing of that. */
    default Optional<Resource> resource() {
        return Lifecycle.declaring(kind(), state())
                .map(lifecycle -> new Resource(lifecycle.resourceKind(), key(lifecycle)));
    }

    /** What it does to the run of its resource. */
    default Effect effect() {
        return Lifecycle.declaring(kind(), state())
                .map(lifecycle -> lifecycle.effectOf(state()))
                .orElse(Effect.NONE);
    }

    /** The guid of what a lifecycle is about. */
    String key(Lifecycle lifecycle);

    /**
     * When and where.
     *
     * @param guid of its event
     * @param lost it happened, and a crash of the platform swallowed the event
     */
    record Occasion(String guid, Instant at, boolean lost, Place place) {}

    /** Something of an app: a process, a task or a staging. */
    record OfApp(Occasion occasion, Transition transition, Ref app, Subject subject, Sizing sizing)
            implements Occurrence {
        @Override
        public String state() {
            return transition.state();
        }

        @Override
        public EventKind kind() {
            return EventKind.APP;
        }

        @Override
        public String key(Lifecycle lifecycle) {
            return switch (lifecycle) {
                case PROCESS -> subject.process().key();
                case TASK -> subject.task().key();
                case STAGING -> app.key();
                case SERVICE_INSTANCE -> throw new IllegalStateException("an app's event is about no service instance");
            };
        }
    }

    /** Something of a service instance. */
    record OfService(Occasion occasion, String state, ServiceInstance instance) implements Occurrence {
        @Override
        public EventKind kind() {
            return EventKind.SERVICE;
        }

        @Override
        public String key(Lifecycle lifecycle) {
            return instance.ref().key();
        }
    }

    /**
     * What of an app an event is about; the parts that do not belong are {@link Ref#NONE}.
     *
     * @param process its name is the process type
     */
    record Subject(Ref process, Ref buildpack, Ref task) {
        static Subject staging(Ref buildpack) {
            return new Subject(Ref.NONE, buildpack, Ref.NONE);
        }

        static Subject task(Ref task) {
            return new Subject(Ref.NONE, Ref.NONE, task);
        }
    }

    /** The size after the change and before it. */
    record Sizing(Size now, Size before) {
        static Sizing unchanged(Size size) {
            return new Sizing(size, size);
        }
    }

    /**
     * A service instance as it is at a moment.
     *
     * @param plan of a user-provided instance there is none, nor an offering or a broker
     */
    record ServiceInstance(Ref ref, Ref plan, Ref offering, Ref broker) {
        String type() {
            return plan.guid() == null ? "user_provided_service_instance" : "managed_service_instance";
        }
    }
}
