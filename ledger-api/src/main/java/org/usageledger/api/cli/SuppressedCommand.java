package org.usageledger.api.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.cli.Listing.Field;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "suppressed",
        description = {
            "Prints task stops that were not recorded, because their task had no open run: 'already_ended' if it had ended"
                    + " before, 'no_start_on_record' if its start was never seen.",
            "",
            "They are kept, not lost: when a start arrives later, its stop is recorded after it, and RECORDED shows where."
        },
        footer = {"", "Examples:", "  ledger suppressed", "  ledger suppressed --csv > suppressed.csv"})
final class SuppressedCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int PAGE = 1_000;

    private static final List<Field> FIELDS = List.of(
            Field.number("number", "NUMBER", "number"),
            Field.text("reason", "REASON", "reason"),
            Field.text("suppressed_at", "SUPPRESSED", "suppressed_at"),
            Field.text("occurred_at", "OCCURRED", "occurred_at"),
            Field.text("task", "TASK", "task"),
            Field.csvOnly("guid", "guid"),
            Field.text("previous_state", "PREVIOUS", "previous_state"),
            Field.csvOnly("app", "app"),
            Field.csvOnly("space", "space"),
            Field.csvOnly("organization", "organization"),
            Field.number("recorded_position", "RECORDED", "recorded_position"));

    private final Terminal terminal;

    @Option(names = "--after", paramLabel = "NUMBER", description = "Only those after this number.")
    private @Nullable String after;

    @Option(names = "--limit", paramLabel = "N", description = "End after N of them. Default: no limit.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    SuppressedCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Interruption interruption = new Interruption(() -> {})) {
            PersistentCaller caller = service.caller(interruption, terminal::say);
            Listing listing = new Listing(form.on(terminal), terminal.out(), FIELDS);
            String next = after == null ? "" : after;
            long printed = 0;
            do {
                Query query = new Query("/v1/suppressed")
                        .with("after", next.isEmpty() ? null : next)
                        .with("limit", Math.min(PAGE, limit - printed));
                ObjectsPage page = ObjectsPage.of(caller.send(Call.get(query.toString(), DEADLINE)), "suppressed");
                listing.print(page.objects());
                printed += page.objects().size();
                next = JsonText.text(page.rest(), "next");
            } while (!next.isEmpty() && printed < limit && !listing.unread());
            return 0;
        }
    }
}
