package org.usageledger.api.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Measures the ledger on this machine. The command line knows no more of the measuring than this. */
@FunctionalInterface
public interface Benchmarks {
    /** What can be asked for by name. */
    Set<String> GROUPS = Set.of("append", "read");

    /**
     * Returns once everything was measured.
     *
     * @param progress told, a line each, what is being measured
     * @throws CommandFailed if something could not be measured, or did not do the work that it was measured at
     */
    Measured measure(Wanted wanted, Consumer<String> progress);

    /**
     * What was asked for.
     *
     * @param groups of measures
     * @param data a folder for the databases, which does not exist yet and is gone afterwards; empty for one beside the service's own
     * @param quick shows only that everything works
     */
    record Wanted(Set<String> groups, Optional<Path> data, boolean quick) {
        public Wanted {
            groups = Set.copyOf(groups);
        }
    }

    /**
     * What came out.
     *
     * @param json one object
     * @param text for people
     * @param page in Markdown
     * @param plot in SVG
     * @param passed whether every bar was reached
     */
    record Measured(String json, String text, String page, String plot, boolean passed) {}
}
