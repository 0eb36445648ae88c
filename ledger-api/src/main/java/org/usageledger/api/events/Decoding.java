package org.usageledger.api.events;

import java.util.List;
import org.usageledger.api.http.Problem;
import org.usageledger.event.EventProblem;
import org.usageledger.event.Sender;
import org.usageledger.event.UsageEvent;

/** What became of a request's body. */
sealed interface Decoding {

    /**
     * All its events, in their order.
     *
     * @param senders one for each if they came as CloudEvents, else none
     */
    record Events(List<UsageEvent> events, List<Sender> senders) implements Decoding {}

    /**
     * Every bad event that was found.
     *
     * @param ended whether the body was read to its end; if not, there may be more
     */
    record Malformed(List<EventProblem> problems, boolean ended) implements Decoding {}

    /** The body as a whole cannot be taken. */
    record Refused(Problem problem) implements Decoding {}
}
