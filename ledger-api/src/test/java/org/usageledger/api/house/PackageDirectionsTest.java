package org.usageledger.api.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may name whom. The table is the whole truth: a use that is not in it fails, and so does a permission that nobody uses. */
class PackageDirectionsTest {

    private static final Checkout CHECKOUT = Checkout.here();

    /** Packages without {@code org.usageledger.}; what they name, separated by spaces. */
    private static final Map<String, String> DIRECTIONS = Map.ofEntries(
            Map.entry(
                    "api",
                    "api.access api.bench api.cli api.events api.http api.observe api.tls decision decision.axon event jobs jobs.schedule "
                            + "log log.axon postgres projection projection.axon reaction recording running tasks"),
            Map.entry("api.access", "api.http api.tls"),
            Map.entry("api.bench", "api.cli event lifecycle log postgres"),
            Map.entry("api.cli", "api.foundation api.tls lifecycle"),
            Map.entry("api.events", "api.access api.http event lifecycle log recording"),
            Map.entry("api.foundation", "lifecycle"),
            Map.entry("api.http", "log"),
            Map.entry("api.jobs", "api.access api.http jobs jobs.schedule tasks"),
            Map.entry("api.observe", "api.http jobs jobs.recovery jobs.schedule lifecycle log projection tasks"),
            Map.entry("api.running", "api.http event lifecycle log running"),
            Map.entry("api.tls", ""),
            Map.entry("decision", "event lifecycle log"),
            Map.entry("decision.axon", "decision event lifecycle log log.axon"),
            Map.entry("event", "lifecycle"),
            Map.entry("jobs", "jobs.recovery log tasks"),
            Map.entry("jobs.recovery", ""),
            Map.entry("jobs.schedule", "jobs tasks"),
            Map.entry("lifecycle", ""),
            Map.entry("log", "event lifecycle"),
            Map.entry("log.axon", "event lifecycle log"),
            Map.entry("postgres", ""),
            Map.entry("projection", "jobs log"),
            Map.entry("projection.axon", "log log.axon projection"),
            Map.entry("reaction", "event lifecycle projection"),
            Map.entry("recording", "event lifecycle log"),
            Map.entry("retention", "lifecycle"),
            Map.entry("running", "event lifecycle log projection"),
            Map.entry("tasks", ""));

    /** Frameworks, and the packages that may name them; the domain's rules must outlive every one of these. */
    private static final Map<String, String> FRAMEWORKS = Map.ofEntries(
            Map.entry("com.cronutils", "jobs.schedule"),
            Map.entry("com.github.benmanes.caffeine", "api.access"),
            Map.entry("com.nimbusds", "api.access"),
            Map.entry("com.zaxxer.hikari", "api"),
            Map.entry("io.github.bucket4j", "api.access"),
            Map.entry("io.micronaut", "api api.access api.events api.http api.jobs api.observe api.running"),
            Map.entry("io.opentelemetry", "api.observe"),
            Map.entry("io.prometheus", "api.observe"),
            Map.entry("org.axonframework", "decision.axon log.axon projection.axon"),
            Map.entry("org.flywaydb", "postgres"),
            Map.entry("picocli", "api.cli"));

    @Test
    void packages_name_each_other_as_the_table_says() {
        Map<String, Set<String>> actual = PackageUses.ofOurs(CHECKOUT);

        assertThat(Table.written(actual))
                .as(
                        "Directions between packages keep the domain free of what serves it. A new arrow is a decision; an unused one goes.")
                .isEqualTo(Table.written(Table.of(DIRECTIONS)));
    }

    @Test
    void frameworks_stay_where_they_are_wired() {
        Map<String, Set<String>> actual = new TreeMap<>();
        PackageUses.ofLibraries(CHECKOUT)
                .forEach((ours, libraries) -> libraries.stream()
                        .map(PackageDirectionsTest::framework)
                        .filter(name -> !name.isEmpty())
                        .forEach(name -> actual.computeIfAbsent(name, key -> new TreeSet<>())
                                .add(ours)));

        assertThat(Table.written(actual))
                .as(
                        "A framework is named by the package that adapts it, so that replacing it is the work of one package.")
                .isEqualTo(Table.written(Table.of(FRAMEWORKS)));
    }

    @Test
    void lifecycles_need_no_library() {
        assertThat(PackageUses.ofLibraries(CHECKOUT).get("lifecycle"))
                .as("What an event does to a run is decided with nothing but the language.")
                .isSubsetOf("org.jspecify.annotations");
    }

    private static String framework(String library) {
        return Set.of(
                        "io.micronaut",
                        "org.axonframework",
                        "org.flywaydb",
                        "com.cronutils",
                        "com.github.benmanes.caffeine",
                        "com.nimbusds",
                        "com.zaxxer.hikari",
                        "io.github.bucket4j",
                        "picocli",
                        "io.micrometer",
                        "io.opentelemetry",
                        "io.prometheus")
                .stream()
                .filter(name -> library.equals(name) || library.startsWith(name + "."))
                .findFirst()
                .orElse("");
    }
}
