package org.usageledger.api.cli;

import picocli.CommandLine.Command;

@Command(
        name = "cancel",
        description = "Asks an execution to stop after the chunk that is under way, and to clean up.",
        footer = {
            "",
            "Examples:",
            "  ledger executions cancel 018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10 --reason 'wrong projection'"
        })
final class ExecutionsCancelCommand extends StopCommand {
    ExecutionsCancelCommand(Terminal terminal) {
        super(terminal, "/v1/executions/%s/cancel");
    }
}
