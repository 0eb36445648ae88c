package org.usageledger.api.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.usageledger.event.AppUsageEvent;
import org.usageledger.event.Decoded;
import org.usageledger.event.EventLimits;
import org.usageledger.event.EventReader;
import org.usageledger.event.ServiceUsageEvent;
import org.usageledger.event.UsageEvent;

/** An endless, repeatable feed: processes that start and stop in turns, as Cloud Controller would write it, about 900 bytes an event. */
final class Usage {
    private static final int PROCESSES = 20_000;
    private static final int APPS_OF_A_SPACE = 50;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final SplittableRandom guids;
    private final EventReader reader = new EventReader(EventLimits.DEFAULT);
    private final JsonFactory parsers = EventLimits.DEFAULT.parsers();
    private long made;

    Usage(long seed) {
        guids = new SplittableRandom(seed);
    }

    /** The next event, one line of NDJSON with its end. */
    byte[] line() {
        long number = made++;
        long process = number % PROCESSES;
        boolean starts = number / PROCESSES % 2 == 0;
        long space = process / APPS_OF_A_SPACE;
        String text = """
            {"guid":"%s","kind":"app","created_at":"%s","updated_at":"%2$s","state":{"current":"%s","previous":"%s"},\
            "app":{"guid":"%s","name":"app-%d"},"process":{"guid":"%5$s","type":"web"},\
            "space":{"guid":"%s","name":"space-%d"},"organization":{"guid":"%s"},\
            "buildpack":{"guid":"4c5bb7a2-3c55-4d4a-8f8f-0d8b9a1c3f10","name":"java_buildpack"},"task":{"guid":null,"name":null},\
            "memory_in_mb_per_instance":{"current":1024,"previous":1024},"instance_count":{"current":2,"previous":2},\
            "links":{"self":{"href":"https://api.example.org/v3/app_usage_events/%1$s"}}}
            """.formatted(
                        new UUID(guids.nextLong(), guids.nextLong()),
                        BEGIN.plusSeconds(number / 100),
                        starts ? "STARTED" : "STOPPED",
                        starts ? "STOPPED" : "STARTED",
                        new UUID(1, process),
                        process,
                        new UUID(2, space),
                        space,
                        new UUID(3, space / 10));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The next events, as they are once they are decoded. */
    List<UsageEvent> events(int count) throws IOException {
        List<UsageEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            try (JsonParser parser = parsers.createParser(line())) {
                parser.nextToken();
                if (reader.read(parser, i, null) instanceof Decoded.Event decoded) {
                    events.add(decoded.event());
                } else {
                    throw new IllegalStateException("the benchmark's own event cannot be read");
                }
            }
        }
        return events;
    }

    /** The same usage under another guid. */
    static UsageEvent again(UsageEvent event) {
        return switch (event) {
            case AppUsageEvent app ->
                new AppUsageEvent(
                        UUID.randomUUID().toString(),
                        app.occurredAt(),
                        app.state(),
                        app.previousState(),
                        app.app(),
                        app.process(),
                        app.space(),
                        app.organization(),
                        app.buildpack(),
                        app.task(),
                        app.memory(),
                        app.instances(),
                        app.body());
            case ServiceUsageEvent _ -> throw new IllegalArgumentException("this feed has events of apps only");
        };
    }
}
