package org.usageledger.api.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = {
            "Measures the ledger on this machine, against a limit or a peer in the same run: what others make of the same"
                    + " PostgreSQL. It brings a server of its own and needs no running service. Both groups take less than"
                    + " 20 minutes.",
            "",
            "The exit code is 1 if a bar is not reached, or if afterwards the rows that were written are not all there."
        },
        footer = {
            "",
            "Examples:",
            "  ledger bench",
            "  ledger bench append --json > append.json",
            "  ledger bench append read --page docs"
        })
final class BenchCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Benchmarks benchmarks;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "GROUP", arity = "0..*", description = "append, read; without any: both.")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description =
                    "Where the databases are; must not exist, and is gone afterwards. Default: beside the service's own"
                            + " data, so that the same disk is measured.")
    private @Nullable Path data;

    @Option(
            names = "--page",
            paramLabel = "FOLDER",
            description = "Also write performance.md and performance.svg into this folder.")
    private @Nullable Path page;

    @Option(
            names = "--quick",
            description = "Take one short sample of each: shows that everything works, its figures say nothing.")
    private boolean quick;

    BenchCommand(Terminal terminal, Benchmarks benchmarks) {
        this.terminal = terminal;
        this.benchmarks = benchmarks;
    }

    @Override
    public Integer call() throws IOException {
        Benchmarks.Measured measured =
                benchmarks.measure(new Benchmarks.Wanted(wanted(), Optional.ofNullable(data), quick), terminal::say);
        if (page != null) {
            Files.createDirectories(page);
            Files.writeString(page.resolve("performance.md"), measured.page());
            Files.writeString(page.resolve("performance.svg"), measured.plot());
        }
        terminal.out().print(json ? measured.json() : measured.text());
        terminal.out().flush();
        return measured.passed() ? 0 : 1;
    }

    private Set<String> wanted() {
        for (String group : groups) {
            if (!Benchmarks.GROUPS.contains(group)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no group of measures '" + group + "': choose from "
                                + String.join(", ", new TreeSet<>(Benchmarks.GROUPS)) + ".");
            }
        }
        return groups.isEmpty() ? Benchmarks.GROUPS : Set.copyOf(groups);
    }
}
