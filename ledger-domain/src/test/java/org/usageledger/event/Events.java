package org.usageledger.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Usage events for tests, as a platform would send them. */
public final class Events {
    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Events() {}

    public static AppUsageEvent process(String process, String state) {
        return process(UUID.randomUUID().toString(), process, state, NOON);
    }

    public static AppUsageEvent process(String guid, String process, String state, Instant at) {
        return app(guid, state, null, at, new Ref(process, "web"), Ref.NONE, 512);
    }

    /** The same process with another size: other content. */
    public static AppUsageEvent process(String guid, String process, String state, int memoryMb) {
        return app(guid, state, null, NOON, new Ref(process, "web"), Ref.NONE, memoryMb);
    }

    public static AppUsageEvent task(String task, String state) {
        return task(UUID.randomUUID().toString(), task, state, null);
    }

    public static AppUsageEvent task(String guid, String task, String state, @Nullable String previous) {
        return app(guid, state, previous, NOON, Ref.NONE, new Ref(task, "migrate"), 256);
    }

    public static AppUsageEvent app(
            String guid, String state, @Nullable String previous, Instant at, Ref process, Ref task, int memoryMb) {
        String json = """
                {"guid":"%s","created_at":"%s","state":{"current":"%s"},"process":{"guid":"%s"},"task":{"guid":"%s"}}""".formatted(guid, at, state, process.guid(), task.guid());
        return new AppUsageEvent(
                guid,
                at,
                state,
                previous,
                new Ref("app-1", "shop"),
                process,
                new Ref("space-1", "dev"),
                new Ref("org-1", null),
                Ref.NONE,
                task,
                new Change(memoryMb, null),
                new Change(1, null),
                Body.owning(json.getBytes(StandardCharsets.UTF_8)));
    }

    public static ServiceUsageEvent service(String instance, String state) {
        return service(UUID.randomUUID().toString(), instance, state, NOON);
    }

    public static ServiceUsageEvent service(String guid, String instance, String state, Instant at) {
        String json = """
                {"guid":"%s","created_at":"%s","state":"%s","service_instance":{"guid":"%s"}}""".formatted(guid, at, state, instance);
        return new ServiceUsageEvent(
                guid,
                at,
                state,
                new Ref("space-1", "dev"),
                new Ref("org-1", null),
                new Ref(instance, "db"),
                "managed_service_instance",
                new Ref("plan-1", "small"),
                new Ref("offering-1", "postgres"),
                Ref.NONE,
                Body.owning(json.getBytes(StandardCharsets.UTF_8)));
    }
}
