package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "activate",
        description = {
            "Has the node that is asked look now for what is to be done, instead of when its timer says so.",
            "",
            "Nothing is started that would not be started anyhow, only sooner."
        },
        footer = {"", "Examples:", "  ledger jobs activate job_recovery", "  ledger jobs activate rebuild"})
final class JobsActivateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "A background task; or a job, for all that look for work.")
    private String name = "";

    @Mixin
    private final ServiceOptions service;

    JobsActivateCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            JsonNode activated = Operating.firstFound(
                            caller,
                            Operating.post("/v1/jobs/" + Query.encoded(name) + "/activate", JsonText.object()),
                            Operating.post("/v1/tasks/" + Query.encoded(name) + "/activate", JsonText.object()))
                    .json();
            terminal.out().println(JsonText.line(activated));
            terminal.out().flush();
            return 0;
        }
    }
}
