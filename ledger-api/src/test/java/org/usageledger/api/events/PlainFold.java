package org.usageledger.api.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What runs, worked out event by event from the JSON as a reader would who knows nothing of the ledger's code. */
final class PlainFold {
    private static final Set<String> BASELINES = Set.of("WAS_RUNNING", "TASK_WAS_RUNNING");
    private static final Set<String> BEGINNINGS = Set.of("STARTED", "TASK_STARTED", "CREATED", "UPDATED");
    private static final Set<String> ENDINGS = Set.of("STOPPED", "TASK_STOPPED", "DELETED");

    private final Map<String, Open> open = new TreeMap<>();

    private record Open(String since, long first, JsonNode sizedBy, long latest) {}

    /** Whether the event is to be recorded: a task's stop only into an open run. */
    boolean takes(String kind, JsonNode event, long position) {
        String state = kind.equals("app")
                ? event.path("state").path("current").asText()
                : event.path("state").asText();
        String resource = resource(kind, state, event);
        Open now = open.get(resource);
        if (ENDINGS.contains(state)) {
            open.remove(resource);
            return now != null || !state.equals("TASK_STOPPED");
        }
        boolean begins = BEGINNINGS.contains(state);
        if (begins || BASELINES.contains(state)) {
            String at = event.path("created_at").asText();
            if (now == null) {
                open.put(resource, new Open(at, position, event, position));
            } else if (begins) {
                open.put(resource, new Open(now.since(), now.first(), event, position));
            }
        }
        return true;
    }

    private static String resource(String kind, String state, JsonNode event) {
        if (kind.equals("service")) {
            return "service_instance "
                    + event.path("service_instance").path("guid").asText();
        }
        return state.startsWith("TASK_")
                ? "task " + event.path("task").path("guid").asText()
                : "process " + event.path("process").path("guid").asText();
    }

    /** By kind and guid. */
    Map<String, String> running() {
        Map<String, String> running = new TreeMap<>();
        open.forEach((resource, run) -> running.put(
                resource,
                text(
                        run.since(),
                        run.sizedBy().path("instance_count").path("current").asInt(),
                        run.sizedBy()
                                .path("memory_in_mb_per_instance")
                                .path("current")
                                .asInt(),
                        run.first(),
                        run.latest())));
        return running;
    }

    static String text(String since, int instances, int memoryMb, long first, long latest) {
        return since + ", " + instances + " x " + memoryMb + " MB, from " + first + ", sized at " + latest;
    }
}
