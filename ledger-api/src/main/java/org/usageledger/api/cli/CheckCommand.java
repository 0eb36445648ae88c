package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        description = {
            "Recomputes from the log what must hold: positions without holes, the chained hashes, and that the projections"
                    + " say what the events say. It runs in the service and changes nothing.",
            "",
            "Everything that differs is listed, and the exit code is 1."
        },
        footer = {"", "Examples:", "  ledger check", "  ledger check --json | jq .report.findings"})
final class CheckCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--json", description = "Print the execution with its report as one JSON object.")
    private boolean json;

    @Mixin
    private final ServiceOptions service;

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Progress progress = new Progress(terminal, "check", -1, " positions", 1);
                Interruption interruption =
                        new Interruption(() -> progress.say("The check goes on in the service: ledger executions"))) {
            PersistentCaller caller = service.caller(interruption, progress::say);
            Execution rested = Execution.start(caller, "check", Map.of()).awaitRest(caller, interruption, progress);
            progress.end();
            return report(rested);
        }
    }

    private int report(Execution execution) {
        JsonNode report = execution.body().path("report");
        JsonNode findings = report.path("findings");
        if (json) {
            terminal.out().println(JsonText.line(execution.body()));
        } else {
            report.properties().stream()
                    .filter(entry -> entry.getValue().isValueNode())
                    .forEach(entry -> terminal.out()
                            .println(entry.getKey() + ": " + entry.getValue().asText()));
            findings.forEach(finding -> terminal.out().println("DIFFERS: " + finding(finding)));
            terminal.out()
                    .println(execution.done() && findings.isEmpty() ? "All is as it should be." : verdict(execution));
        }
        terminal.out().flush();
        return execution.done() && findings.isEmpty() ? 0 : 1;
    }

    private static String verdict(Execution execution) {
        int findings = execution.body().path("report").path("findings").size();
        return execution.done()
                ? findings + (findings == 1 ? " finding." : " findings.")
                : "The check is " + execution.state() + ": " + JsonText.text(execution.body(), "error");
    }

    private static String finding(JsonNode finding) {
        return finding.isValueNode() ? finding.asText() : JsonText.line(finding);
    }
}
