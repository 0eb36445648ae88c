package org.usageledger.api.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "running",
        description = {
            "Prints what is running: processes, tasks and service instances, each with its size and since when.",
            "",
            "In the table, SINCE with '<=' means that the start was not seen: it is not later than that. The cursor that"
                    + " the answer stands at is printed to the standard error; events after it are news to the answer"
                    + " (but for those at or below a resource's own latest position)."
        },
        footer = {
            "",
            "Examples:",
            "  ledger running --kind process --space 25ff60e0-611a-5e88-bcaf-2bfd9cbf7c3d",
            "  ledger running --csv > running.csv",
            "  ledger running --not-before 1-4711-0    only an answer that knows of what was just appended",
            "  ledger running summary --group-by organization"
        })
final class RunningCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int PAGE = 1_000;
    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final Terminal terminal;

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Option(
            names = "--not-before",
            paramLabel = "CURSOR",
            description = "Wait until the answer knows all events up to this cursor, as an append's 'head'.")
    private @Nullable String notBefore;

    @Option(names = "--limit", paramLabel = "N", description = "End after N resources. Default: no limit.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = {"-f", "--follow"},
            description = "Print again and again, for ever.")
    private boolean follow;

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            defaultValue = "2s",
            converter = Durations.class,
            description = "How often with --follow. Default: ${DEFAULT-VALUE}.")
    private Duration every = Duration.ofSeconds(2);

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    RunningCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = follow
                    ? service.tirelessCaller(interruption, terminal::say)
                    : service.caller(interruption, terminal::say);
            boolean wanted = walk(caller);
            while (follow && wanted) {
                interruption.pause(every);
                wanted = walk(caller);
            }
            return 0;
        }
    }

    /** Prints one answer, all its pages; false if nobody reads any more. */
    private boolean walk(PersistentCaller caller) throws InterruptedException {
        Listing listing = new Listing(form.on(terminal), terminal.out(), RunningFields.ALL);
        String after = null;
        String asOf = "";
        long printed = 0;
        do {
            ObjectsPage page = page(caller, after, limit - printed);
            if (after == null) {
                asOf = JsonText.text(page.rest(), "as_of", "cursor") + " ("
                        + JsonText.text(page.rest(), "as_of", "time") + ")";
                terminal.out().print(follow && terminal.outInteractive() ? CLEAR : "");
            }
            listing.print(page.objects());
            printed += page.objects().size();
            String next = JsonText.text(page.rest(), "next");
            after = next.isEmpty() ? null : next;
        } while (after != null && printed < limit && !listing.unread());
        terminal.say(printed + " running as of " + asOf);
        return !listing.unread();
    }

    private ObjectsPage page(PersistentCaller caller, @Nullable String after, long remaining)
            throws InterruptedException {
        Query query = filter.on("/v1/running")
                .with("not_before", notBefore)
                .with("after", after)
                .with("limit", Math.min(PAGE, remaining));
        return ObjectsPage.of(caller.send(Call.get(query.toString(), DEADLINE)), "running");
    }
}
