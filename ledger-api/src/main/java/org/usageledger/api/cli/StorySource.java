package org.usageledger.api.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.foundation.EventJson;
import org.usageledger.api.foundation.Occurrence;
import org.usageledger.api.foundation.Story;

/** The events of a story as an input: one after the other, or as fast as its time is to pass. */
final class StorySource implements EventSource {
    /** Longer than a request waits for more events, so that what happened meanwhile leaves at once. */
    private static final Duration SLICE = EntryQueue.LINGER.plusMillis(50);

    private static final double DAY_SECONDS = Duration.ofDays(1).toSeconds();

    private final Story story;
    private final double daysPerSecond;
    private final Interruption interruption;
    private final long began = System.nanoTime();
    private long slice;
    private int next;

    /** @param daysPerSecond how fast the story's time passes at most; infinite for no waiting at all */
    StorySource(Story story, double daysPerSecond, Interruption interruption) {
        this.story = story;
        this.daysPerSecond = daysPerSecond;
        this.interruption = interruption;
    }

    @Override
    public @Nullable Entry next() throws IOException {
        if (next == story.told().size()) {
            return null;
        }
        Occurrence occurrence = story.told().get(next);
        waitFor(occurrence.occasion().at());
        next++;
        return new Entry(new Bytes(EventJson.of(occurrence)), next, next);
    }

    @Override
    public void close() {
        next = story.told().size();
    }

    private void waitFor(Instant at) throws IOException {
        Duration age = Duration.between(story.blueprint().from(), at);
        long due = (long) (age.toSeconds() / DAY_SECONDS / daysPerSecond / (SLICE.toNanos() / 1e9));
        if (due == slice) {
            return;
        }
        slice = due;
        long remaining = due * SLICE.toNanos() - (System.nanoTime() - began);
        try {
            if (remaining > 0) {
                interruption.pause(Duration.ofNanos(remaining));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("asked to stop").initCause(e);
        }
    }
}
