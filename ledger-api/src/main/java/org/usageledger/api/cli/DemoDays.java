package org.usageledger.api.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.usageledger.api.foundation.Story;

/** Tells how far a foundation has lived: by the bar where somebody watches, else by a line a day. */
final class DemoDays {
    private final Terminal terminal;
    private final Progress progress;
    private final Story story;
    private long told = -1;

    DemoDays(Terminal terminal, Progress progress, Story story) {
        this.terminal = terminal;
        this.progress = progress;
        this.story = story;
    }

    /** Everything up to the end of the batch is in the ledger. */
    void reached(Batch batch) {
        long events = batch.last().number();
        Instant at = story.told().get((int) events - 1).occasion().at();
        long day = Duration.between(story.blueprint().from(), at).toDays() + 1;
        String note = String.format(Locale.ROOT, "%s, %,d events", LocalDate.ofInstant(at, ZoneOffset.UTC), events);
        progress.at(day, note);
        if (day > told && !terminal.errInteractive()) {
            progress.say("day " + day + " of " + story.blueprint().days() + ": " + note);
        }
        told = day;
    }
}
