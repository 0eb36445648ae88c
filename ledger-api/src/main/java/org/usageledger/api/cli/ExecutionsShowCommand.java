package org.usageledger.api.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = {
            "Prints an execution with its report and who has taken it up.",
            "",
            "With --follow it is printed once it rests, and the exit code says whether it is done."
        },
        footer = {
            "",
            "Examples:",
            "  ledger executions show 018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10",
            "  ledger executions show 018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10 --follow"
        })
final class ExecutionsShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "The execution.")
    private String id = "";

    @Option(names = "--follow", description = "Wait until it rests, and show how far it is on the way.")
    private boolean follow;

    @Option(names = "--json", description = "As one line of JSON.")
    private boolean json;

    @Mixin
    private final ServiceOptions service;

    ExecutionsShowCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Progress progress = new Progress(terminal, "execution", -1, " positions", 1);
                Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, progress::say);
            Execution execution = Execution.load(caller, id);
            boolean waited = follow && !execution.atRest();
            Execution shown = waited ? execution.awaitRest(caller, interruption, progress) : execution;
            progress.end();
            Operating.print(terminal, json, shown.body());
            return !follow || shown.done() ? 0 : 1;
        }
    }
}
