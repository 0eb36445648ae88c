package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "expunge",
        description = "Takes a node for dead: others take its executions at once, and its name never comes back.",
        footer = {"", "Examples:", "  ledger nodes expunge n3 --reason 'its machine burnt'"})
final class NodesExpungeCommand extends StopCommand {
    @Option(names = "--force", description = "Also while it is heard of and not drained.")
    private boolean force;

    NodesExpungeCommand(Terminal terminal) {
        super(terminal, "/v1/nodes/%s/expunge");
    }

    @Override
    ObjectNode wish(ObjectNode reasoned) {
        return reasoned.put("force", force);
    }
}
