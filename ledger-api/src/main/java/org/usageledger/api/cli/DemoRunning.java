package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.usageledger.api.foundation.Story;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;

/**
 * What runs of a foundation by the ledger, held against what really runs on it.
 *
 * @param asOf the cursor that the answer stands at
 * @param untold runs by the ledger although it has ended: the ending was never written
 * @param missing runs on the foundation and not by the ledger; by the promises nothing
 * @param unexplained runs by the ledger although the events do not say so; by the promises nothing
 */
record DemoRunning(
        String asOf,
        List<Group> kinds,
        List<Group> organizations,
        List<JsonNode> untold,
        long missing,
        long unexplained) {
    private static final int PAGE = 5_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int MB_PER_GB = 1024;

    /** Some of what runs, summed up. */
    record Group(String name, long resources, long instances, long memoryMb) {
        Group and(Group other) {
            return new Group(name, resources + other.resources, instances + other.instances, memoryMb + other.memoryMb);
        }

        long gigabytes() {
            return memoryMb / MB_PER_GB;
        }
    }

    boolean asTheEventsSay() {
        return missing == 0 && unexplained == 0;
    }

    /** Asks the ledger, once it knows all that was appended. */
    static DemoRunning asked(PersistentCaller caller, Story story, String head) throws InterruptedException {
        Walk walk = new Walk(story);
        String after = null;
        do {
            Query query = new Query("/v1/running")
                    .with("not_before", head.isEmpty() ? null : head)
                    .with("after", after)
                    .with("limit", PAGE);
            ObjectsPage page = ObjectsPage.of(caller.send(Call.get(query.toString(), DEADLINE)), "running");
            page.objects().forEach(object -> walk.take(JsonText.read(object, "a running resource")));
            walk.asOf = after == null ? JsonText.text(page.rest(), "as_of", "cursor") : walk.asOf;
            String next = JsonText.text(page.rest(), "next");
            after = next.isEmpty() ? null : next;
        } while (after != null);
        return walk.result();
    }

    /** One walk over all that runs, of which only the foundation's own is looked at. */
    private static final class Walk {
        private final Story story;
        private final Set<Resource> ended;
        private final Set<Resource> met = new HashSet<>();
        private final Map<String, Group> kinds = new TreeMap<>();
        private final Map<String, Group> organizations = new TreeMap<>();
        private final List<JsonNode> untold = new ArrayList<>();
        private String asOf = "";

        Walk(Story story) {
            this.story = story;
            this.ended = story.endedUntold();
        }

        void take(JsonNode node) {
            String organization = story.organizations().get(JsonText.text(node, "organization", "guid"));
            if (organization == null) {
                return;
            }
            Resource resource = new Resource(kind(JsonText.text(node, "kind")), JsonText.text(node, "guid"));
            met.add(resource);
            if (ended.contains(resource)) {
                untold.add(node);
            }
            add(kinds, JsonText.text(node, "kind"), node);
            add(organizations, organization, node);
        }

        DemoRunning result() {
            long missing = story.running().stream()
                    .filter(resource -> !met.contains(resource))
                    .count();
            long unexplained = met.stream()
                    .filter(resource -> !story.believed().contains(resource))
                    .count();
            return new DemoRunning(
                    asOf, List.copyOf(kinds.values()), largestFirst(), List.copyOf(untold), missing, unexplained);
        }

        private List<Group> largestFirst() {
            return organizations.values().stream()
                    .sorted((one, other) -> Long.compare(other.memoryMb(), one.memoryMb()))
                    .toList();
        }

        private static void add(Map<String, Group> groups, String name, JsonNode node) {
            long instances = node.path("instances").asLong();
            Group one = new Group(
                    name, 1, instances, instances * node.path("memory_mb").asLong());
            groups.merge(name, one, Group::and);
        }

        private static ResourceKind kind(String label) {
            for (ResourceKind kind : ResourceKind.values()) {
                if (kind.label().equals(label)) {
                    return kind;
                }
            }
            throw new CommandFailed("The service says that a '" + label + "' runs, which this program does not know.");
        }
    }
}
