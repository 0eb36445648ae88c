package org.usageledger.api.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Prints a node.",
        footer = {"", "Examples:", "  ledger nodes show n1"})
final class NodesShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "The node.")
    private String id = "";

    @Option(names = "--json", description = "As one line of JSON.")
    private boolean json;

    @Mixin
    private final ServiceOptions service;

    NodesShowCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            Operating.print(terminal, json, Operating.get(caller, "/v1/nodes/" + Query.encoded(id)));
            return 0;
        }
    }
}
