package org.usageledger.api.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Goes forward through the log, page by page, from one cursor to the next. */
final class EventReading {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int PAGE = 1_000;

    /** What the service takes as a limit. */
    static final long MOST_AT_ONCE = 5_000;

    private static final String WAIT = "30s";
    private static final Pattern CURSOR = Pattern.compile("\\d+-(?<position>\\d{1,18})-\\d+");

    private final PersistentCaller caller;
    private final Listing listing;
    private final Wishes wishes;
    private volatile String cursor;

    /**
     * What is read.
     *
     * @param kind {@code app} or {@code service}; empty for both
     * @param limit how many events at most
     * @param follow wait for more at the end, for ever
     * @param acceptGap go on where the ledger says that events are missing
     */
    record Wishes(Optional<String> kind, long limit, boolean follow, boolean acceptGap) {}

    EventReading(PersistentCaller caller, Listing listing, String after, Wishes wishes) {
        this.caller = caller;
        this.listing = listing;
        this.cursor = after;
        this.wishes = wishes;
    }

    /** After the last event that was printed. */
    String cursor() {
        return cursor;
    }

    /** Prints up to the head as it was at the start, or for ever. */
    void run(Terminal terminal) throws InterruptedException {
        long printed = 0;
        long head = Long.MAX_VALUE;
        while (printed < wishes.limit()) {
            Answer answer = caller.send(call(wishes.limit() - printed));
            Optional<CursorRefused> refused = CursorRefused.of(answer);
            if (refused.isPresent()) {
                goOn(refused.get(), terminal);
                continue;
            }
            ObjectsPage page = ObjectsPage.of(answer, "events");
            if (!page.objects().isEmpty()) {
                listing.print(page.objects());
            }
            printed += page.objects().size();
            head = head == Long.MAX_VALUE ? headOf(page) : head;
            String next = JsonText.text(page.rest(), "next");
            boolean atEnd = next.equals(cursor) || positionIn(next) >= head;
            cursor = next;
            if ((atEnd && !wishes.follow()) || listing.unread()) {
                return;
            }
        }
    }

    private void goOn(CursorRefused refused, Terminal terminal) {
        if (!wishes.acceptGap()
                || refused.goOn().isEmpty()
                || refused.goOn().get().equals(cursor)) {
            throw refused.failure();
        }
        cursor = refused.goOn().get();
        terminal.say(refused.sentence() + " Going on after " + cursor + ".");
    }

    private Call call(long remaining) {
        Query query = new Query("/v1/events")
                .with("after", cursor)
                .with("limit", Math.min(PAGE, remaining))
                .with("kind", wishes.kind().orElse(null))
                .with("wait", wishes.follow() ? WAIT : null);
        return Call.get(query.toString(), DEADLINE);
    }

    private static long headOf(ObjectsPage page) {
        return page.rest().path("complete_up_to").path("position").asLong(Long.MAX_VALUE);
    }

    /**
     * The position up to which a cursor has gone, which is beyond the last event where others were filtered out; 0 if it
     * cannot be told.
     */
    private static long positionIn(String cursor) {
        Matcher parts = CURSOR.matcher(cursor);
        return parts.matches() ? Long.parseLong(parts.group("position")) : 0;
    }
}
