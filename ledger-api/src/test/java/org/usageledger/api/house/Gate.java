package org.usageledger.api.house;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A rule, why it is one, and where it does not hold yet. The exceptions may only shrink: one that is not needed fails too.
 *
 * @param exceptions the reason by place, see {@link Breach#where}
 */
record Gate(String reason, Map<String, String> exceptions) {

    static Gate because(String reason) {
        return new Gate(reason, Map.of());
    }

    Gate except(Map<String, String> exceptions) {
        return new Gate(reason, exceptions);
    }

    void check(List<Breach> found) {
        List<Breach> breaches = found.stream()
                .filter(breach -> !exceptions.containsKey(breach.where()))
                .toList();
        Set<String> unneeded = new TreeSet<>(exceptions.keySet());
        found.forEach(breach -> unneeded.remove(breach.where()));
        if (!breaches.isEmpty()) {
            fail(reason + "\n  " + breaches.stream().map(Breach::toString).collect(Collectors.joining("\n  ")));
        }
        if (!unneeded.isEmpty()) {
            fail("Exceptions only shrink; these are not needed any more, take them out: " + unneeded);
        }
    }
}
