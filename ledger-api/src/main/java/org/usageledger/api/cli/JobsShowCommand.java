package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = {
            "Prints a job, or what a background task has done.",
            "",
            "Background tasks take executions up (job_recovery) and start those that are due (schedules), on every node."
        },
        footer = {
            "",
            "Examples:",
            "  ledger jobs show rebuild",
            "  ledger jobs show job_recovery --all-nodes",
            "  ledger jobs show job_recovery --json"
        })
final class JobsShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "A job, or a background task.")
    private String name = "";

    @Option(
            names = "--all-nodes",
            description =
                    "Of a task what every node last reported, those that are gone too; else what the one that is asked did.")
    private boolean allNodes;

    @Option(names = "--json", description = "What the service says, as JSON: a line a report of a task.")
    private boolean json;

    @Mixin
    private final ServiceOptions service;

    JobsShowCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            JsonNode found = Operating.firstFound(
                            caller,
                            Call.get("/v1/jobs/" + Query.encoded(name), Operating.DEADLINE),
                            Call.get("/v1/tasks/" + Query.encoded(name), Operating.DEADLINE))
                    .json();
            if (found.path("reports").isArray()) {
                reports(found);
            } else {
                Operating.print(terminal, json, found);
            }
            return 0;
        }
    }

    private void reports(JsonNode task) {
        String here = JsonText.text(task, "node");
        int shown = 0;
        for (JsonNode report : task.path("reports")) {
            if (allNodes || JsonText.text(report, "node").equals(here)) {
                shown++;
                if (json) {
                    terminal.out().println(JsonText.line(report));
                } else {
                    new TaskReport(terminal.out()).print(report);
                }
            }
        }
        terminal.out().flush();
        if (shown == 0) {
            terminal.say(
                    "The node " + here + " has not reported of " + name + " yet; --all-nodes shows what others did.");
        }
    }
}
