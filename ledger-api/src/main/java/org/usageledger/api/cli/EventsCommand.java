package org.usageledger.api.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "events",
        description = {
            "Prints recorded events in the ledger's one order, from a cursor up to the head, or for ever with --follow.",
            "",
            "At the end the cursor to go on with is printed to the standard error: kept and given to --after the next"
                    + " time, every event is seen once. With --follow a restart of the service is waited for.",
            "A cursor that cannot be served (events after it were pruned, or it belongs to another history) ends the"
                    + " command with the reason; --accept-gap goes on instead."
        },
        footer = {
            "",
            "Examples:",
            "  ledger events --limit 20",
            "  ledger events --after 1-4711-0 --json > more.ndjson",
            "  ledger events --after newest --follow --kind app",
            "  ledger events --guid 2eaf2056-4517-5320-a9f5-46ae3284a84b"
        })
final class EventsCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Terminal terminal;

    @Option(
            names = "--after",
            paramLabel = "CURSOR",
            defaultValue = "oldest",
            description =
                    "Where to begin: a cursor, 'oldest' (all that remains; default) or 'newest' (only what comes).")
    private String after = "oldest";

    @Option(names = "--kind", paramLabel = "app|service", description = "Only events of this kind. Default: both.")
    private @Nullable Kind kind;

    @Option(names = "--limit", paramLabel = "N", description = "End after N events. Default: no limit.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--guid",
            paramLabel = "GUID",
            description = "The events with this guid, newest first; --kind and --limit apply, --after, --follow and"
                    + " --accept-gap mean nothing then.")
    private @Nullable String guid;

    @Option(
            names = {"-f", "--follow"},
            description = "Wait for more events, for ever.")
    private boolean follow;

    @Option(
            names = "--accept-gap",
            description = "Where events are missing for good, say so and go on behind them, instead of ending.")
    private boolean acceptGap;

    @Mixin
    private final Form.Options form = new Form.Options();

    @Mixin
    private final ServiceOptions service;

    EventsCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    enum Kind {
        app,
        service
    }

    @Override
    public Integer call() throws InterruptedException {
        Listing listing = new Listing(form.on(terminal), terminal.out(), EventFields.ALL);
        Told told = new Told();
        try (Interruption interruption = new Interruption(() -> terminal.say(told.words()))) {
            PersistentCaller caller = follow
                    ? service.tirelessCaller(interruption, terminal::say)
                    : service.caller(interruption, terminal::say);
            if (guid != null) {
                return ofGuid(caller, listing, guid);
            }
            EventReading.Wishes wishes =
                    new EventReading.Wishes(Optional.ofNullable(kind).map(Kind::name), limit, follow, acceptGap);
            EventReading reading = new EventReading(caller, listing, after, wishes);
            told.reading = reading;
            reading.run(terminal);
            terminal.say(told.words());
            return 0;
        }
    }

    private int ofGuid(PersistentCaller caller, Listing listing, String wanted) throws InterruptedException {
        Query query = new Query("/v1/events")
                .with("guid", wanted)
                .with("kind", kind)
                .with("limit", limit == Long.MAX_VALUE ? null : Math.min(limit, EventReading.MOST_AT_ONCE));
        List<byte[]> events = ObjectsPage.of(caller.send(Call.get(query.toString(), DEADLINE)), "events")
                .objects();
        listing.print(events);
        if (events.isEmpty()) {
            throw new CommandFailed("No event with the guid " + wanted + " is in the log.");
        }
        return 0;
    }

    /** Where the reading stands, for the last words of an interrupted command. */
    private static final class Told {
        private volatile @Nullable EventReading reading;

        String words() {
            EventReading now = reading;
            return "next: " + (now == null ? "oldest" : now.cursor());
        }
    }
}
