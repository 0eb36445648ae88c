package org.usageledger.api.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.usageledger.api.cli.Listing.Field;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "schedules",
        description = "Prints which jobs start by themselves, and when they are due next.",
        footer = {"", "Examples:", "  ledger jobs schedules", "  ledger jobs schedules --json"})
final class SchedulesCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final List<Field> FIELDS = List.of(
            Field.text("job", "JOB", "job"),
            Field.text("cron", "CRON", "cron"),
            Field.text("time_zone", "TIME ZONE", "time_zone"),
            Field.csvOnly("parameters", "parameters"),
            Field.text("enabled", "ENABLED", "enabled"),
            Field.text("next_due", "NEXT DUE", "next_due"),
            Field.text("waiting_since", "WAITING SINCE", "waiting_since"),
            Field.text("last_due", "LAST DUE", "last_due"),
            Field.text("last_execution", "LAST EXECUTION", "last_execution"),
            Field.text("problem", "PROBLEM", "problem"));

    private final Terminal terminal;

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    SchedulesCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            Answer answer = caller.send(Call.get("/v1/schedules", DEADLINE));
            ObjectsPage page = ObjectsPage.of(answer, "schedules");
            new Listing(form.on(terminal), terminal.out(), FIELDS).print(page.objects());
            return 0;
        }
    }
}
