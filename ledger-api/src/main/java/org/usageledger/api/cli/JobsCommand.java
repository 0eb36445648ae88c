package org.usageledger.api.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.usageledger.api.cli.Listing.Field;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "jobs",
        description = {
            "Background work of the service, such as rebuilding a projection or checking the ledger.",
            "",
            "Without one of its commands it prints the jobs there are, each with its latest execution and when it is due next."
        },
        footer = {
            "",
            "Examples:",
            "  ledger jobs",
            "  ledger jobs start rebuild --set projection=running --wait",
            "  ledger jobs schedule check --cron '30 3 * * *' --time-zone Europe/Berlin",
            "  ledger jobs schedules",
            "  ledger jobs show job_recovery --all-nodes"
        })
class JobsCommand implements Callable<Integer> {
    private static final List<Field> JOBS = List.of(
            Field.text("name", "JOB", "name"),
            Field.text("state", "LATEST", "latest", "state"),
            Field.csvOnly("latest", "latest", "id"),
            Field.text("requested_at", "REQUESTED", "latest", "requested_at"),
            Field.text("ended_at", "ENDED", "latest", "ended_at"),
            Field.text("next_due", "NEXT DUE", "schedule", "next_due"),
            Field.text("description", "WHAT IT DOES", "description"));

    private static final List<Field> TASKS = List.of(
            Field.text("name", "TASK", "name"),
            new Field(
                    "reports",
                    "NODES",
                    true,
                    task -> String.valueOf(task.path("reports").size())),
            Field.text("description", "WHAT IT DOES", "description"));

    private final Terminal terminal;

    @Option(
            names = "--tasks",
            description =
                    "Instead the background tasks that start executions and take them up, and how many nodes report of them.")
    private boolean tasks;

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    JobsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        String what = tasks ? "tasks" : "jobs";
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            ObjectsPage page = ObjectsPage.of(caller.send(Call.get("/v1/" + what, Operating.DEADLINE)), what);
            new Listing(form.on(terminal), terminal.out(), tasks ? TASKS : JOBS).print(page.objects());
            return 0;
        }
    }

    /** The same, said in full. */
    @Command(
            name = "list",
            description = "Prints the jobs there are, each with its latest execution and when it is due next.",
            footer = {"", "Examples:", "  ledger jobs list", "  ledger jobs list --tasks --json"})
    static final class InFull extends JobsCommand {
        InFull(Terminal terminal) {
            super(terminal);
        }
    }
}
