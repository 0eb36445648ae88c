package org.usageledger.api.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "append",
        description = {
            "Appends usage events to a running ledger and reports what became of them.",
            "",
            "The input is NDJSON (one Cloud Foundry V3 usage event a line, with \"kind\":\"app\" or \"service\"), a JSON array"
                    + " of events, or {\"events\":[...]}; gzip too, told by its content. It is sent in order, in requests"
                    + " below the service's limits. A request is recorded whole or not at all; the first one refused ends"
                    + " the command, with the lines that are to blame.",
            "",
            "Nothing is recorded twice: appending the same input again answers 'duplicate'. So whatever happened, run it"
                    + " again; --skip or --state only save time."
        },
        footer = {
            "",
            "Examples:",
            "  ledger append events.ndjson",
            "  zcat 2026-*.ndjson.gz | ledger append - --state feed.state",
            "  ledger append events.json --on-conflict=skip --json"
        })
final class AppendCommand implements Callable<Integer> {
    private static final long MEBIBYTE = 1 << 20;

    private final Terminal terminal;
    private final AppendTally tally = new AppendTally();

    @Parameters(paramLabel = "FILE|-", description = "The events; - reads them from the standard input.")
    private String file = "-";

    @Option(
            names = "--on-conflict",
            paramLabel = "stop|skip",
            defaultValue = "stop",
            description = "What to do with events that conflict with recorded ones, or are older than what the ledger"
                    + " remembers: stop (default), or skip them and record the rest of their request.")
    private OnConflict onConflict = OnConflict.stop;

    @Option(
            names = "--skip",
            paramLabel = "N",
            defaultValue = "0",
            description = "Leave out the first N events of the input.")
    private long skip;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "Keep in FILE how far the input has been recorded, and go on from there if it exists.")
    private @Nullable Path state;

    @Option(names = "--json", description = "Print the report as one JSON object.")
    private boolean json;

    @Mixin
    private final ServiceOptions service;

    AppendCommand(Terminal terminal) {
        this.terminal = terminal;
        this.service = new ServiceOptions(terminal);
    }

    enum OnConflict {
        stop,
        skip
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<ResumePoint> point = state == null ? Optional.empty() : ResumePoint.read(state);
        long began = System.nanoTime();
        try (EventInput input = EventInput.open(file, terminal);
                Progress progress = new Progress(terminal, "append", input.size(), " MiB", MEBIBYTE);
                Interruption interruption = new Interruption(
                        () -> progress.say(tally.report(0, false).standing()));
                EntryQueue queue = new EntryQueue(new ResumedSource(
                        input.source(),
                        Math.max(skip, point.map(ResumePoint::event).orElse(0L)),
                        point,
                        tally::skipped))) {
            Appending appending = new Appending(
                    service.caller(interruption, progress::say),
                    tally,
                    onConflict == OnConflict.skip,
                    RequestLimits.DEFAULT,
                    batch -> durable(batch, input, progress));
            boolean complete = finished(appending, queue, progress);
            progress.end();
            return report(tally.report((System.nanoTime() - began) / 1e9, complete));
        }
    }

    private boolean finished(Appending appending, EntryQueue queue, Progress progress)
            throws IOException, InterruptedException {
        try {
            return appending.all(queue);
        } catch (CommandFailed e) {
            progress.say(tally.report(0, false).standing());
            throw e;
        }
    }

    private void durable(Batch batch, EventInput input, Progress progress) {
        progress.at(input.taken().get(), "event " + batch.last().number());
        if (state != null) {
            try {
                ResumePoint.after(batch.last(), tally.head()).write(state);
            } catch (IOException e) {
                throw new UncheckedIOException("writing the state file " + state, e);
            }
        }
    }

    private int report(AppendReport report) {
        for (Refusal refusal : report.refusals()) {
            terminal.say(refusal.text());
        }
        long unlisted = report.counts().conflicts()
                + report.counts().refused()
                - report.refusals().size();
        if (unlisted > 0) {
            terminal.say("and " + unlisted + " more");
        }
        if (!report.complete()) {
            terminal.say("Refused: of the request with the events above nothing was recorded. " + report.standing());
        }
        terminal.out().print(json ? JsonText.line(report.json()) + System.lineSeparator() : report.text());
        terminal.out().flush();
        return report.complete() ? 0 : 1;
    }
}
