package org.usageledger.api.foundation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.lifecycle.Run;

/**
 * All that happened on a foundation.
 *
 * @param told what Cloud Controller wrote down, in the order of time
 * @param running what runs when the story ends
 * @param believed what runs by what was told: who knows no more than the events takes what ended in an outage for running
 * @param organizations names by guid
 */
public record Story(
        Blueprint blueprint,
        List<Occurrence> told,
        Set<Resource> running,
        Set<Resource> believed,
        Map<String, String> organizations) {
    public Story {
        told = List.copyOf(told);
        running = Set.copyOf(running);
        believed = Set.copyOf(believed);
        organizations = Map.copyOf(organizations);
    }

    /** Lives the whole story. */
    public static Story of(Blueprint blueprint) {
        Landscape landscape = new Landscape(blueprint);
        List<Occurrence> all = happened(blueprint, landscape);
        List<Occurrence> told =
                all.stream().filter(each -> !each.occasion().lost()).toList();
        return new Story(blueprint, told, open(all), open(told), landscape.organizations());
    }

    /** All that happens, told or not, in the order of time. */
    static List<Occurrence> happened(Blueprint blueprint, Landscape landscape) {
        Outages outages = Outages.of(blueprint);
        List<Occurrence> all = new ArrayList<>();
        for (App app : landscape.apps()) {
            all.addAll(new AppLife(blueprint, outages, app).lived());
        }
        // Stable: what an app does within one second stays in its order.
        all.sort(Comparator.comparing(each -> each.occasion().at()));
        return all;
    }

    /** What ended without an event and has not begun again since. */
    public Set<Resource> endedUntold() {
        Set<Resource> ended = new HashSet<>(believed);
        ended.removeAll(running);
        return ended;
    }

    /** Stagings are left out: nobody asks whether one runs. */
    private static Set<Resource> open(Collection<Occurrence> occurrences) {
        Map<Resource, Run> runs = new HashMap<>();
        long position = 0;
        for (Occurrence each : occurrences) {
            Run.Step step = new Run.Step(++position, each.occasion().at(), each.effect(), true);
            each.resource()
                    .ifPresent(resource -> runs.merge(resource, Run.none().after(step), (run, _) -> run.after(step)));
        }
        Set<Resource> open = new HashSet<>();
        runs.forEach((resource, run) -> {
            if (run instanceof Run.Open && resource.kind() != ResourceKind.STAGING) {
                open.add(resource);
            }
        });
        return open;
    }
}
