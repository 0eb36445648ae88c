package org.usageledger.api.cli;

import picocli.CommandLine.Command;

@Command(
        name = "quiesce",
        description = "Asks a node to hand over its executions and to begin no more; it goes on serving requests.",
        footer = {"", "Examples:", "  ledger nodes quiesce n1 --reason 'its machine is replaced'"})
final class NodesQuiesceCommand extends StopCommand {
    NodesQuiesceCommand(Terminal terminal) {
        super(terminal, "/v1/nodes/%s/quiesce");
    }
}
