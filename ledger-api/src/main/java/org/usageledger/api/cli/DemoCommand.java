package org.usageledger.api.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.foundation.Blueprint;
import org.usageledger.api.foundation.Story;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = {
            "Lets a made-up Cloud Foundry foundation live against a running ledger: apps are pushed, scaled, restarted, deployed"
                    + " beside themselves and deleted, run tasks and use services, and now and then the platform is down and"
                    + " loses endings. Then it shows what runs, what a reader was given, and what only a repair can end.",
            "",
            "What happens depends on --seed, --apps and --days alone, guids included. Run again, it is the same foundation:"
                    + " every event is a duplicate and nothing is recorded twice. Stopped on the way, run it again.",
            "",
            "Its events stay in the ledger like any others: try it on one that you can do without."
        },
        footer = {
            "",
            "Examples:",
            "  ledger demo",
            "  ledger demo --apps 50 --days 7 --fast",
            "  ledger demo --seed 7 --until 2026-07-01T00:00:00Z --json"
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    /** A whole slice of the default foundation fits, and a request is answered at once. */
    private static final RequestLimits REQUESTS = new RequestLimits(2_000, RequestLimits.DEFAULT.bytes());

    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--apps",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many apps there are in the course of it. Default: ${DEFAULT-VALUE}.")
    private int apps;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "40",
            description = "How many days it lives. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What happens by chance, and all guids. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description =
                    "When its days end, as 2026-07-01T00:00:00Z. Default: now; or, if the ledger has this foundation"
                            + " on record, when it ended then.")
    private @Nullable Instant until;

    @Option(
            names = "--rate",
            paramLabel = "DAYS",
            defaultValue = "1.5",
            description = "How many of its days pass in a second, at most. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(names = "--fast", description = "As fast as the ledger takes it.")
    private boolean fast;

    @Option(names = "--json", description = "Print the answers as one JSON object.")
    private boolean json;

    @Mixin
    private final ServiceOptions service;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        refuseNonsense();
        try (Progress progress = new Progress(terminal, "demo", days, " days", 1);
                Interruption interruption = new Interruption(
                        () -> progress.say("Run the same again to go on: what is on record is recognised."))) {
            PersistentCaller caller = service.caller(interruption, progress::say);
            Optional<Instant> before = onRecord(caller);
            Story story = Story.of(new Blueprint(seed, apps, days, before.orElseGet(this::beginning)));
            announce(story, before.isPresent());
            double pace = fast || before.isPresent() ? Double.POSITIVE_INFINITY : rate;
            try (DemoReader reader = DemoReader.start(service.caller(interruption, progress::say), story);
                    EntryQueue queue = new EntryQueue(new StorySource(story, pace, interruption))) {
                DemoDays calendar = new DemoDays(terminal, progress, story);
                AppendReport appended = append(caller, queue, new AppendTally(reader::answered), calendar);
                DemoReader.Seen seen = reader.toTheEnd();
                progress.end();
                return report(new DemoReport(
                        story, appended, seen, DemoRunning.asked(caller, story, appended.head()), service.repeated()));
            }
        }
    }

    private AppendReport append(PersistentCaller caller, EntryQueue queue, AppendTally tally, DemoDays calendar)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        boolean complete = new Appending(caller, tally, false, REQUESTS, calendar::reached).all(queue);
        AppendReport report = tally.report((System.nanoTime() - began) / 1e9, complete);
        if (!complete) {
            report.refusals().stream().limit(1).forEach(refusal -> terminal.say(refusal.text()));
            throw new CommandFailed(
                    "The ledger knows a foundation of this seed that lived at another time: choose another"
                            + " --seed.");
        }
        return report;
    }

    /** When this foundation began, if the ledger has met it: its times are part of its events. */
    private Optional<Instant> onRecord(PersistentCaller caller) throws InterruptedException {
        String guid = new Blueprint(seed, apps, days, Instant.EPOCH).foundingGuid();
        Query query = new Query("/v1/events").with("guid", guid).with("kind", "app");
        List<byte[]> events = ObjectsPage.of(caller.send(Call.get(query.toString(), DEADLINE)), "events")
                .objects();
        if (events.isEmpty()) {
            return Optional.empty();
        }
        Instant from = Instant.parse(
                JsonText.text(JsonText.read(events.getFirst(), "an event of the service"), "event", "created_at"));
        Instant then = from.plus(Duration.ofDays(days));
        if (until != null && !until.equals(then)) {
            throw new CommandFailed("This foundation is on record, and its days ended at " + then
                    + ": leave --until out to meet it again, or choose another --seed.");
        }
        return Optional.of(from);
    }

    private Instant beginning() {
        Instant end = until == null ? Instant.now() : until;
        return end.truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(days));
    }

    private void announce(Story story, boolean known) {
        Blueprint blueprint = story.blueprint();
        terminal.say("A foundation of " + apps + (apps == 1 ? " app" : " apps") + " lives from " + blueprint.from()
                + " to " + blueprint.until() + " (seed " + seed + (known ? "; the ledger has met it before)." : ")."));
    }

    private int report(DemoReport report) {
        if (json) {
            terminal.out().println(JsonText.line(report.json()));
        } else {
            report.print(terminal.out());
        }
        terminal.out().flush();
        return report.asPromised() ? 0 : 1;
    }

    private void refuseNonsense() {
        if (apps < 1 || days < 1 || (long) apps * days > Blueprint.MOST_APP_DAYS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--apps and --days are at least 1, and at most " + Blueprint.MOST_APP_DAYS + " multiplied.");
        }
        if (!(rate > 0)) {
            throw new ParameterException(spec.commandLine(), "--rate is more than 0 days a second.");
        }
    }
}
