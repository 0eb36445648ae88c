package org.usageledger.api.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.cli.Listing.Field;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "executions",
        description = "Prints the executions of jobs, newest first, or one of them with its report.",
        footer = {"", "Examples:", "  ledger executions", "  ledger executions 018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10"})
final class ExecutionsCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final List<Field> FIELDS = List.of(
            Field.text("id", "ID", "id"),
            Field.text("job", "JOB", "job"),
            Field.text("state", "STATE", "state"),
            Field.text("requested_at", "REQUESTED", "requested_at"),
            Field.text("ended_at", "ENDED", "ended_at"));

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this one, with its report, as JSON.")
    private @Nullable String id;

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    ExecutionsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            if (id != null) {
                terminal.out().println(JsonText.line(Execution.load(caller, id).body()));
                terminal.out().flush();
                return 0;
            }
            Answer answer = caller.send(Call.get("/v1/executions", DEADLINE));
            ObjectsPage page = ObjectsPage.of(answer, "executions");
            new Listing(form.on(terminal), terminal.out(), FIELDS).print(page.objects());
            return 0;
        }
    }
}
