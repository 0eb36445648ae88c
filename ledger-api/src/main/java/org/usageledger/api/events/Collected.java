package org.usageledger.api.events;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.event.Decoded;
import org.usageledger.event.EventProblem;
import org.usageledger.event.Sender;
import org.usageledger.event.UsageEvent;

/** The events of a request, or what is wrong with them, while they are read. */
final class Collected {
    /** As many as a human reads; a request of nothing but bad events must not make an answer as large as itself. */
    private static final int LISTED_PROBLEMS = 100;

    private final IngestLimits limits;
    private final List<UsageEvent> events = new ArrayList<>();
    private final List<Sender> senders = new ArrayList<>();
    private final List<EventProblem> problems = new ArrayList<>();
    private @Nullable Problem refusal;
    private int count;

    Collected(IngestLimits limits) {
        this.limits = limits;
    }

    /** The place of the event that comes next. */
    int index() {
        return count;
    }

    /** Whether reading on makes sense before the next event. */
    boolean wantsMore() {
        if (refusal == null && count == limits.requestEvents()) {
            refusal = tooLarge(
                    "A request holds at most " + count + " events; send the rest in further requests.",
                    "request-events",
                    count);
        }
        return refusal == null && problems.size() < LISTED_PROBLEMS;
    }

    void add(Decoded decoded) {
        add(decoded, null);
    }

    /** @param sender of an event that came as a CloudEvent; in one request either all have one or none */
    void add(Decoded decoded, @Nullable Sender sender) {
        count++;
        switch (decoded) {
            case Decoded.Event event -> {
                // Of a request that will be refused nothing is kept.
                if (problems.isEmpty()) {
                    events.add(event.event());
                    if (sender != null) {
                        senders.add(sender);
                    }
                }
            }
            case Decoded.Malformed malformed -> problems.addAll(malformed.problems());
            case Decoded.TooLarge tooLarge -> eventTooLarge(tooLarge.index());
        }
    }

    void eventTooLarge(int index) {
        refusal = tooLarge(
                "Event " + index + " is larger than " + limits.event().eventBytes() + " bytes; send it without what"
                        + " makes it so large.",
                "event-bytes",
                index);
    }

    private Problem tooLarge(String detail, String limit, int index) {
        return Problem.of(ProblemType.TOO_LARGE, detail, json -> {
            json.writeStringField("limit", limit);
            json.writeNumberField("index", index);
        });
    }

    /** The event that stands next is no event at all. */
    void bad(String problem) {
        problems.add(new EventProblem(count, null, problem));
        count++;
    }

    /** @param ended whether the body was read to its end */
    Decoding result(boolean ended) {
        if (refusal != null) {
            return new Decoding.Refused(refusal);
        }
        return problems.isEmpty() ? new Decoding.Events(events, senders) : new Decoding.Malformed(problems, ended);
    }
}
