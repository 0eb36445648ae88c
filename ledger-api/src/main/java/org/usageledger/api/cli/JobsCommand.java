package org.usageledger.api.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

@Command(
        name = "jobs",
        description = "Background work of the service: rebuilding a projection, checking the ledger.",
        footer = {"", "Examples:", "  ledger jobs start rebuild --set projection=running --wait"})
final class JobsCommand implements Callable<Integer> {
    private final Terminal terminal;

    JobsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Without one of its commands there is nothing to do: that is wrong use. */
    @Override
    public Integer call() {
        terminal.say("Say what to do with which job: ledger jobs --help.");
        return ExitCode.USAGE;
    }
}
