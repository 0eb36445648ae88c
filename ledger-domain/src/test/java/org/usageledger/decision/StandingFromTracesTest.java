package org.usageledger.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.Exactness;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.lifecycle.Run;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.TestLog;
import org.usageledger.log.Trace;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.testing.Seed;

/** One statement over many resources tells what the fold over all their events tells. */
@OnFreshDatabase
class StandingFromTracesTest {
    private static final List<String> STATES = List.of("STARTED", "WAS_RUNNING", "STOPPED", "BUILDPACK_SET");
    private static final List<String> TASK_STATES = List.of("TASK_STARTED", "TASK_WAS_RUNNING", "TASK_STOPPED");
    private static final List<String> SERVICE_STATES = List.of("CREATED", "UPDATED", "WAS_RUNNING", "DELETED");
    private static final int RESOURCES = 30;
    private static final int EVENTS = 600;

    private final RandomGenerator random = Seed.forRun().generator();

    private String any(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private UsageEvent anyEvent() {
        int key = random.nextInt(RESOURCES / 3);
        return switch (random.nextInt(3)) {
            case 0 -> Events.process("p" + key, any(STATES));
            case 1 -> Events.task("t" + key, any(TASK_STATES));
            default -> Events.service("i" + key, any(SERVICE_STATES));
        };
    }

    private static Map<Resource, Standing> folded(List<LoggedEvent> events) {
        StoredForm stored = new StoredForm();
        Map<Resource, Standing> standings = new HashMap<>();
        for (LoggedEvent logged : events) {
            UsageEvent event = stored.decode(logged.kind(), StoredForm.FORMAT, logged.body());
            event.resource().ifPresent(resource -> {
                Run.Step step = new Run.Step(
                        logged.position(), event.occurredAt(), event.effect(), Exactness.of(event, logged.origin()));
                Standing before = standings.getOrDefault(resource, Standing.unknown(resource));
                standings.put(resource, before.after(new Trace.Step(step, event.state())));
            });
        }
        return standings;
    }

    @Test
    void for_any_history(TestDatabase database) {
        try (TestLog log = new TestLog(database)) {
            UsageEvent[] events = new UsageEvent[EVENTS];
            for (int i = 0; i < EVENTS; i++) {
                events[i] = anyEvent();
            }
            log.outcomes(events);
            Map<Resource, Standing> expected = folded(log.everything());
            List<Resource> asked = new ArrayList<>(expected.keySet());
            asked.add(new Resource(ResourceKind.PROCESS, "nobody"));

            List<Trace> traces = log.resources.traces(asked);

            assertThat(traces.stream().map(Trace::resource)).containsExactlyElementsOf(asked);
            traces.forEach(trace -> assertThat(Standing.of(trace))
                    .isEqualTo(expected.getOrDefault(trace.resource(), Standing.unknown(trace.resource()))));
        }
    }
}
