package org.usageledger.api.events;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.http.Accepted;
import org.usageledger.api.http.Cursors;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.Query;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.log.Cursor;
import org.usageledger.log.LogReader;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;

/**
 * What a reader of events asks for.
 *
 * @param limit events a page, or of a guid
 * @param patience how long an empty page may take to fill
 * @param guid the events of this guid instead of those after a cursor
 * @param refusal the answer, if the cursor is none
 */
record EventsQuery(
        Start start,
        ReadFilter filter,
        int limit,
        Duration patience,
        Optional<String> guid,
        Optional<Problem> refusal) {
    private static final int DEFAULT_LIMIT = 1000;

    private static final List<String> OF_A_WALK = List.of("after", "wait", "baselines");

    /** Below what proxies and clients commonly give up at. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    static EventsQuery of(Query query, boolean lines) {
        Optional<String> after = query.text("after");
        Optional<Start> start = after.map(EventsQuery::start).orElse(Optional.of(new Start.Oldest()));
        EventKind kind = query.choice("kind", List.of(EventKind.values()), EventKind::label)
                .orElse(null);
        ReadFilter filter = new ReadFilter(kind, query.flag("baselines", true));
        int limit = query.integer("limit", DEFAULT_LIMIT, 1, LogReader.MAX_LIMIT);
        Duration patience = query.duration("wait", LONGEST_WAIT);
        Optional<String> guid = query.text("guid");
        if (guid.isPresent()) {
            OF_A_WALK.forEach(name -> refuseOfGuid(query, name));
        }
        if (guid.isEmpty() && lines) {
            Accepted.refuseOnStream(query, "limit");
            Accepted.refuseOnStream(query, "wait");
        }
        return new EventsQuery(
                start.orElseGet(Start.Oldest::new),
                filter,
                limit,
                patience,
                guid,
                start.isPresent() ? Optional.empty() : after.map(text -> Cursors.malformed("after", text)));
    }

    /** The same from where a stream broke off, as its reader says in the header that browsers send by themselves. */
    EventsQuery resumedBy(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isEmpty()) {
            return this;
        }
        Optional<Start> at = Cursor.parse(lastEventId).map(Start.After::new);
        Optional<Problem> malformed =
                at.isPresent() ? Optional.empty() : Optional.of(Cursors.malformed("Last-Event-ID", lastEventId));
        return new EventsQuery(at.orElse(start), filter, limit, patience, guid, malformed);
    }

    /** A guid has few events, and all there are is the answer: ignored, a parameter would look as if it had been heeded. */
    private static void refuseOfGuid(Query query, String parameter) {
        if (query.text(parameter).isPresent()) {
            query.refuse(parameter, "does not apply to the events of a guid; leave it out, or leave out \"guid\"");
        }
    }

    private static Optional<Start> start(String after) {
        return switch (after) {
            case "oldest" -> Optional.of(new Start.Oldest());
            case "newest" -> Optional.of(new Start.Newest());
            default -> Cursor.parse(after).map(Start.After::new);
        };
    }
}
