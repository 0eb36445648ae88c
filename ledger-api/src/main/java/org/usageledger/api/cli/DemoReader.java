package org.usageledger.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.foundation.Story;

/** A reader that follows the ledger while a foundation lives, and keeps count of what it was given. */
final class DemoReader implements AutoCloseable {
    private static final int PAGE = 5_000;
    private static final String WAIT = "2s";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    /** What it may take to read the rest once nothing is appended any more. */
    private static final Duration CATCHING_UP = Duration.ofMinutes(10);

    private final PersistentCaller caller;
    private final Set<String> awaited = new HashSet<>();
    private final Set<String> seen = new HashSet<>();
    private final FutureTask<Void> reading = new FutureTask<>(this::read, null);
    private final Thread thread;
    /** What is on record behind where it began, by what senders were told: it must be given to the reader. */
    private final Set<String> expected = ConcurrentHashMap.newKeySet();

    private final long start;
    private volatile boolean allAppended;
    private String cursor;
    private long twice;
    private long holes;
    private long outOfOrder;
    private long position;

    private DemoReader(PersistentCaller caller, Story story, JsonNode end) {
        this.caller = caller;
        this.cursor = JsonText.text(end, "next");
        this.start = end.path("complete_up_to").path("position").asLong();
        this.position = start;
        story.told().forEach(each -> awaited.add(each.occasion().guid()));
        this.thread = Thread.ofVirtual().name("reader").unstarted(reading);
    }

    /** Follows from the end of what is there now. */
    static DemoReader start(PersistentCaller caller, Story story) throws InterruptedException {
        String path = new Query("/v1/events").with("after", "newest").toString();
        DemoReader reader = new DemoReader(
                caller, story, caller.send(Call.get(path, DEADLINE)).json());
        reader.thread.start();
        return reader;
    }

    /**
     * What it was given.
     *
     * @param events of the story, each counted once
     * @param missed were recorded and not given to it
     * @param twice were given to it again
     * @param holes positions that were passed over, whether or not they came later
     * @param outOfOrder events that were not behind all that came before
     * @param cursor to go on with
     */
    record Seen(long events, long missed, long twice, long holes, long outOfOrder, String cursor) {
        boolean everyEventOnce() {
            return missed == 0 && twice == 0 && holes == 0 && outOfOrder == 0;
        }
    }

    /** Told what became of an event that was appended. One whose answer was lost is a duplicate the next time. */
    void answered(JsonNode result) {
        if (result.path("position").asLong() > start) {
            expected.add(JsonText.text(result, "guid"));
        }
    }

    /** Reads to the end, once nothing of the story is appended any more. */
    Seen toTheEnd() throws InterruptedException {
        allAppended = true;
        try {
            reading.get(CATCHING_UP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailed("The reader did not catch up within " + Durations.text(CATCHING_UP) + ".", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandFailed failed) {
                throw failed;
            }
            throw new IllegalStateException("the reader broke off", e.getCause());
        }
        long missed = expected.stream().filter(guid -> !seen.contains(guid)).count();
        return new Seen(seen.size(), missed, twice, holes, outOfOrder, cursor);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void read() {
        try {
            boolean last;
            boolean more;
            do {
                last = allAppended;
                more = page(last ? null : WAIT);
            } while (!last || (more && !seen.containsAll(expected)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False if there was nothing more. */
    private boolean page(@Nullable String wait) throws InterruptedException {
        Query query = new Query("/v1/events")
                .with("after", cursor)
                .with("limit", PAGE)
                .with("wait", wait);
        ObjectsPage page = ObjectsPage.of(caller.send(Call.get(query.toString(), DEADLINE)), "events");
        for (byte[] object : page.objects()) {
            take(JsonText.read(object, "an event of the service"));
        }
        cursor = JsonText.text(page.rest(), "next");
        return !page.objects().isEmpty();
    }

    private void take(JsonNode event) {
        long at = event.path("position").asLong();
        if (at > position) {
            holes += at - position - 1;
            position = at;
        } else {
            outOfOrder++;
        }
        String guid = JsonText.text(event, "event", "guid");
        if (awaited.contains(guid) && !seen.add(guid)) {
            twice++;
        }
    }
}
