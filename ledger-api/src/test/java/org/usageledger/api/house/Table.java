package org.usageledger.api.house;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A reviewed table in a test: names, and after each what it may use, separated by spaces. Compared whole. */
final class Table {

    private Table() {}

    static Map<String, Set<String>> of(Map<String, String> rows) {
        Map<String, Set<String>> table = new TreeMap<>();
        rows.forEach(
                (name, used) -> table.put(name, used.isEmpty() ? Set.of() : new TreeSet<>(Set.of(used.split(" ")))));
        return table;
    }

    /** One row a line, in the form in which the test holds it. */
    static String written(Map<String, Set<String>> table) {
        return table.entrySet().stream()
                .map(row -> "Map.entry(\"" + row.getKey() + "\", \"" + String.join(" ", row.getValue()) + "\")")
                .collect(Collectors.joining(",\n"));
    }
}
