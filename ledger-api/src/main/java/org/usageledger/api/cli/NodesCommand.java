package org.usageledger.api.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.usageledger.api.cli.Listing.Field;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "nodes",
        description = "Prints the nodes of the ledger's database, those that are gone too.",
        footer = {
            "",
            "Examples:",
            "  ledger nodes",
            "  ledger nodes show n1",
            "  ledger nodes quiesce n1 --reason 'its machine is replaced'"
        })
class NodesCommand implements Callable<Integer> {
    private static final List<Field> FIELDS = List.of(
            Field.text("id", "ID", "id"),
            Field.number("incarnation", "INCARNATION", "incarnation"),
            Field.text("state", "STATE", "state"),
            Field.text("heard", "HEARD", "heard"),
            Field.number("executions", "EXECUTIONS", "executions"),
            Field.text("started_at", "STARTED", "started_at"),
            Field.text("seen_at", "SEEN", "seen_at"));

    private final Terminal terminal;

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    NodesCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            ObjectsPage page = ObjectsPage.of(caller.send(Call.get("/v1/nodes", Operating.DEADLINE)), "nodes");
            new Listing(form.on(terminal), terminal.out(), FIELDS).print(page.objects());
            return 0;
        }
    }

    /** The same, said in full. */
    @Command(
            name = "list",
            description = "Prints the nodes of the ledger's database, those that are gone too.",
            footer = {"", "Examples:", "  ledger nodes list --json"})
    static final class InFull extends NodesCommand {
        InFull(Terminal terminal) {
            super(terminal);
        }
    }
}
