package org.usageledger.api.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An input without the events that were sent before. */
final class ResumedSource implements EventSource {
    private final EventSource source;
    private final long skip;
    private final Optional<ResumePoint> point;
    private final Consumer<Entry> skipped;

    /** @param point what is known about the last event that is skipped */
    ResumedSource(EventSource source, long skip, Optional<ResumePoint> point, Consumer<Entry> skipped) {
        this.source = source;
        this.skip = skip;
        this.point = point;
        this.skipped = skipped;
    }

    @Override
    public @Nullable Entry next() throws IOException {
        Entry entry = source.next();
        while (entry != null && entry.number() <= skip) {
            if (entry.number() == skip) {
                check(entry);
            }
            skipped.accept(entry);
            entry = source.next();
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private void check(Entry last) {
        if (point.isPresent() && !point.get().describes(last)) {
            throw new CommandFailed("The state file was written for another input: event " + skip
                    + " is not the one it names. Name another state file, or delete it.");
        }
    }
}
