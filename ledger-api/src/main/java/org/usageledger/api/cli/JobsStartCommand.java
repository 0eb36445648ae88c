package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "start",
        description = {
            "Starts background work in the service and prints the execution's id.",
            "",
            "With --wait it prints the execution once it rests, and the exit code says whether it is done."
        },
        footer = {
            "",
            "Examples:",
            "  ledger jobs start rebuild --set projection=running --wait",
            "  ledger executions 018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10"
        })
final class JobsStartCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "JOB", description = "The job: rebuild, check.")
    private String job = "";

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A parameter of the job; may be repeated.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(names = "--wait", description = "Wait until the execution rests.")
    private boolean wait;

    @Mixin
    private final ServiceOptions service;

    JobsStartCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Progress progress = new Progress(terminal, job, -1, " positions", 1);
                Interruption interruption =
                        new Interruption(() -> progress.say("The job goes on in the service: ledger executions"))) {
            PersistentCaller caller = service.caller(interruption, progress::say);
            Execution execution = Execution.start(caller, job, parameters);
            boolean waited = wait;
            JsonNode said =
                    waited ? execution.awaitRest(caller, interruption, progress).body() : execution.body();
            progress.end();
            terminal.out().println(JsonText.line(said));
            terminal.out().flush();
            return !waited || Execution.of(said).done() ? 0 : 1;
        }
    }
}
