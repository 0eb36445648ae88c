package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "abandon",
        description =
                "Gives an execution up: nobody carries it out any more. Refused while a node that may live has it.",
        footer = {
            "",
            "Examples:",
            "  ledger executions abandon 018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10 --reason 'it hangs' --force"
        })
final class ExecutionsAbandonCommand extends StopCommand {
    @Option(names = "--force", description = "Also while a node that may live has it.")
    private boolean force;

    ExecutionsAbandonCommand(Terminal terminal) {
        super(terminal, "/v1/executions/%s/abandon");
    }

    @Override
    ObjectNode wish(ObjectNode reasoned) {
        return reasoned.put("force", force);
    }
}
