package org.usageledger.api.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "summary",
        description = "Counts what is running: resources, instances and memory, by kind, organization or space.",
        footer = {"", "Examples:", "  ledger running summary", "  ledger running summary --group-by space --csv"})
final class RunningSummaryCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Terminal terminal;

    @Option(
            names = "--group-by",
            paramLabel = "kind|organization|space",
            defaultValue = "kind",
            description = "What a line of the summary is for. Default: ${DEFAULT-VALUE}.")
    private GroupBy groupBy = GroupBy.kind;

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    RunningSummaryCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    enum GroupBy {
        kind,
        organization,
        space
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            Query query = new Query("/v1/running/summary").with("group_by", groupBy);
            Answer answer = service.caller(interruption, terminal::say).send(Call.get(query.toString(), DEADLINE));
            ObjectsPage page = ObjectsPage.of(answer, "summary");
            new Listing(form.on(terminal), terminal.out(), RunningFields.SUMMARY).print(page.objects());
            terminal.say("as of " + JsonText.text(page.rest(), "as_of", "cursor") + " ("
                    + JsonText.text(page.rest(), "as_of", "time") + ")");
            return 0;
        }
    }
}
