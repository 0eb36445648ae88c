package org.usageledger.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.EventKind;

/** Usage events for tests, as a platform would send them. */
public final class Events {
    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Events() {}

    /** What of an app runs, and how large. */
    public record Shape(Ref process, Ref task, int memoryMb) {
        public static Shape process(String process, int memoryMb) {
            return new Shape(new Ref(process, "web"), Ref.NONE, memoryMb);
        }

        public static Shape task(String task, int memoryMb) {
            return new Shape(Ref.NONE, new Ref(task, "migrate"), memoryMb);
        }
    }

    public static AppUsageEvent process(String process, String state) {
        return process(UUID.randomUUID().toString(), process, state, NOON);
    }

    public static AppUsageEvent process(String guid, String process, String state, Instant at) {
        return app(guid, state, null, at, Shape.process(process, 512));
    }

    /** The same process with another size: other content. */
    public static AppUsageEvent process(String guid, String process, String state, int memoryMb) {
        return app(guid, state, null, NOON, Shape.process(process, memoryMb));
    }

    public static AppUsageEvent task(String task, String state) {
        return task(UUID.randomUUID().toString(), task, state, null);
    }

    public static AppUsageEvent task(String guid, String task, String state, @Nullable String previous) {
        return app(guid, state, previous, NOON, Shape.task(task, 256));
    }

    /** The event as it is read from the JSON that a platform would send. */
    public static AppUsageEvent app(String guid, String state, @Nullable String previous, Instant at, Shape shape) {
        String json = """
                {"guid":%s,"created_at":"%s","updated_at":"%s","state":{"current":%s,"previous":%s},\
                "app":{"guid":"app-1","name":"shop"},"process":{"guid":%s,"type":%s},\
                "space":{"guid":"space-1","name":"dev"},"organization":{"guid":"org-1"},\
                "buildpack":{"guid":null,"name":null},"task":{"guid":%s,"name":%s},\
                "memory_in_mb_per_instance":{"current":%d,"previous":null},"instance_count":{"current":1,"previous":null}}""".formatted(
                        text(guid),
                        at,
                        at,
                        text(state),
                        text(previous),
                        text(shape.process().guid()),
                        text(shape.process().label()),
                        text(shape.task().guid()),
                        text(shape.task().label()),
                        shape.memoryMb());
        return (AppUsageEvent) read(EventKind.APP, json);
    }

    /** The same event with a process guid that no platform sends and no reader lets in. */
    public static AppUsageEvent withProcess(AppUsageEvent event, String process) {
        return new AppUsageEvent(
                event.guid(),
                event.occurredAt(),
                event.state(),
                event.previousState(),
                event.app(),
                new Ref(process, event.process().label()),
                event.space(),
                event.organization(),
                event.buildpack(),
                event.task(),
                event.memory(),
                event.instances(),
                event.body());
    }

    public static ServiceUsageEvent service(String instance, String state) {
        return service(UUID.randomUUID().toString(), instance, state, NOON);
    }

    public static ServiceUsageEvent service(String guid, String instance, String state, Instant at) {
        String json = """
                {"guid":%s,"created_at":"%s","state":%s,"space":{"guid":"space-1","name":"dev"},\
                "organization":{"guid":"org-1"},\
                "service_instance":{"guid":%s,"name":"db","type":"managed_service_instance"},\
                "service_plan":{"guid":"plan-1","name":"small"},"service_offering":{"guid":"offering-1","name":"postgres"}}""".formatted(text(guid), at, text(state), text(instance));
        return (ServiceUsageEvent) read(EventKind.SERVICE, json);
    }

    private static UsageEvent read(EventKind kind, String json) {
        return new StoredForm().decode(kind, StoredForm.FORMAT, Body.owning(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(@Nullable String value) {
        return value == null ? "null" : '"' + value + '"';
    }
}
