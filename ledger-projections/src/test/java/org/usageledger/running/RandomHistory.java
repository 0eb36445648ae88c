package org.usageledger.running;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/** Events in any order that a platform might send, and some that it would not. */
public final class RandomHistory {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final RandomGenerator random;
    private final int resources;

    /** @param resources few of them meet often in one window */
    public RandomHistory(RandomGenerator random, int resources) {
        this.random = random;
        this.resources = resources;
    }

    public List<TestEvent> events(int count) {
        List<TestEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event());
        }
        return events;
    }

    private TestEvent event() {
        Instant at = EPOCH.plusSeconds(random.nextInt(1_000_000));
        if (random.nextInt(20) == 0) {
            return new TestEvent(null, Effect.NONE, true, at, null, null, null, null, null);
        }
        ResourceKind kind = ResourceKind.ofCode(1 + random.nextInt(4));
        // The same key under every kind: they are different resources.
        Resource resource = new Resource(kind, "key-" + random.nextInt(resources));
        return new TestEvent(
                resource,
                effect(),
                random.nextBoolean(),
                at,
                orNull(random.nextInt(5)),
                orNull(random.nextInt(2048)),
                "org-" + random.nextInt(5),
                random.nextInt(9) == 0 ? null : "space-" + random.nextInt(20),
                random.nextInt(9) == 0 ? null : "app-" + random.nextInt(100));
    }

    private Effect effect() {
        return switch (random.nextInt(10)) {
            case 0 -> Effect.NONE;
            case 1, 2, 3 -> Effect.ENDS;
            case 4, 5 -> Effect.BEGINS_AS_BASELINE;
            default -> Effect.BEGINS;
        };
    }

    private @Nullable Integer orNull(int value) {
        return random.nextInt(6) == 0 ? null : (Integer) value;
    }
}
