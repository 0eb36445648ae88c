package org.usageledger.api.events;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.api.http.Answers;
import org.usageledger.api.http.Content;
import org.usageledger.api.http.Problem;
import org.usageledger.api.http.ProblemType;
import org.usageledger.event.EventProblem;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Cursor;
import org.usageledger.log.FaultReport;
import org.usageledger.log.Outcome;

/** What a sender of events is told. */
final class AppendAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(AppendAnswer.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /** Refused events that are listed; the number of all is told beside them. */
    private static final int LISTED = 100;

    private final List<UsageEvent> events;
    private final boolean minimal;

    AppendAnswer(List<UsageEvent> events, boolean minimal) {
        this.events = events;
        this.minimal = minimal;
    }

    static Problem malformed(Decoding.Malformed malformed) {
        List<EventProblem> problems = malformed.problems();
        EventProblem first = problems.getFirst();
        String where = first.field() == null ? "" : ", field " + first.field();
        String detail = "Event " + first.index() + where + ": " + first.problem() + "."
                + (problems.size() > 1 || !malformed.ended() ? " See errors for all that were found." : "")
                + " Nothing of the request was recorded; correct it and send it again.";
        return Problem.of(ProblemType.MALFORMED_EVENTS, detail, json -> {
            json.writeArrayFieldStart("errors");
            for (EventProblem problem : problems) {
                json.writeStartObject();
                json.writeNumberField("index", problem.index());
                json.writeStringField("field", problem.field());
                json.writeStringField("problem", problem.problem());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeBooleanField("complete", malformed.ended());
        });
    }

    static Problem overloaded(Duration retryAfter) {
        return Problem.of(
                        ProblemType.OVERLOADED,
                        "Nothing of the request was taken; send it again after the time in Retry-After.")
                .retryAfter(retryAfter);
    }

    HttpResponse<Content> of(AppendResult result) {
        return switch (result) {
            case AppendResult.Done done -> recorded(done.outcomes(), done.head());
            case AppendResult.Refused refused -> refused(refused.outcomes()).answer();
            case AppendResult.NodeExpunged expunged ->
                Problem.of(
                                ProblemType.SERVICE_EXPUNGED,
                                "Nothing of the request was recorded, and nothing will be here: node " + expunged.node()
                                        + " was expunged. Send it to another node; whoever operates this one starts it again"
                                        + " under another name (LEDGER_NODE).")
                        .answer();
            case AppendResult.Overloaded overloaded ->
                overloaded(overloaded.retryAfter()).answer();
            case AppendResult.Unknown unknown ->
                Problem.of(
                                ProblemType.OUTCOME_UNKNOWN,
                                "The database broke off while committing. Send the same events with the same guids again:"
                                        + " what was recorded is answered as duplicate.",
                                json -> json.writeStringField("outcome", "unknown"))
                        .retryAfter(unknown.retryAfter())
                        .answer();
            case AppendResult.Failed failed -> failed(failed).answer();
            case AppendResult.Fenced _ ->
                throw new IllegalStateException("a request without a fence was answered as fenced");
        };
    }

    /** The answer to a request without events. */
    HttpResponse<Content> nothing(Cursor head) {
        return recorded(List.of(), head);
    }

    private static Problem failed(AppendResult.Failed failed) {
        // Without the cause: what it says beyond the report are the values that were sent.
        String report = FaultReport.of(failed.cause());
        if (!failed.retryable()) {
            throw new IllegalStateException("the database refuses what was sent to be recorded: " + report);
        }
        LOG.warn("recording events failed: {}", report);
        return Problem.of(
                        ProblemType.UNAVAILABLE,
                        "Nothing of the request was recorded; send it again after the time in Retry-After.")
                .retryAfter(RETRY_AFTER);
    }

    private HttpResponse<Content> recorded(List<Outcome> outcomes, Cursor head) {
        MutableHttpResponse<Content> answer = Answers.json(json -> {
            json.writeStartObject();
            json.writeNumberField("recorded", count(outcomes, Outcome.Recorded.class));
            json.writeNumberField("duplicates", count(outcomes, Outcome.Duplicate.class));
            json.writeNumberField("suppressed", count(outcomes, Outcome.Suppressed.class));
            long left = outcomes.stream().filter(Outcome::refuses).count();
            if (left > 0) {
                json.writeNumberField("skipped", left);
            }
            json.writeStringField("head", head.toString());
            if (!minimal) {
                json.writeArrayFieldStart("results");
                for (int i = 0; i < outcomes.size(); i++) {
                    json.writeStartObject();
                    outcome(json, events.get(i), outcomes.get(i));
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
        return minimal ? answer.header("Preference-Applied", "return=minimal") : answer;
    }

    private static long count(List<Outcome> outcomes, Class<? extends Outcome> kind) {
        return outcomes.stream().filter(kind::isInstance).count();
    }

    private Problem refused(List<Outcome> outcomes) {
        boolean conflict = outcomes.stream().anyMatch(Outcome.Conflict.class::isInstance);
        String detail = conflict
                ? "Another event with the same identity is on record with other content. Nothing of the request was recorded;"
                        + " leave the events listed out, or send the request with on_conflict=skip."
                : "The ledger has forgotten which events that old it has seen, so it cannot tell whether these are new."
                        + " Nothing of the request was recorded; leave them out, or send the request with on_conflict=skip.";
        return Problem.of(conflict ? ProblemType.EVENTS_CONFLICT : ProblemType.EVENTS_FORGOTTEN, detail, json -> {
            int listed = 0;
            json.writeArrayFieldStart("events");
            for (int i = 0; i < outcomes.size() && listed < LISTED; i++) {
                if (outcomes.get(i).refuses()) {
                    json.writeStartObject();
                    json.writeNumberField("index", i);
                    outcome(json, events.get(i), outcomes.get(i));
                    json.writeEndObject();
                    listed++;
                }
            }
            json.writeEndArray();
            json.writeNumberField(
                    "count", outcomes.stream().filter(Outcome::refuses).count());
        });
    }

    private static void outcome(JsonGenerator json, UsageEvent event, Outcome outcome) throws IOException {
        json.writeStringField("guid", event.guid());
        switch (outcome) {
            case Outcome.Recorded recorded -> at(json, "recorded", recorded.position());
            case Outcome.Duplicate duplicate -> at(json, "duplicate", duplicate.position());
            case Outcome.Suppressed suppressed -> {
                at(json, "suppressed", 0);
                json.writeStringField("reason", suppressed.reason().label());
            }
            case Outcome.Conflict conflict -> at(json, "conflict", conflict.position());
            case Outcome.Forgotten forgotten -> {
                at(json, "refused", 0);
                json.writeStringField(
                        "forgotten_before", forgotten.forgottenBefore().toString());
            }
            case Outcome.ConditionFailed _ ->
                throw new IllegalStateException("a request without conditions was answered with a failed one");
        }
    }

    private static void at(JsonGenerator json, String outcome, long position) throws IOException {
        json.writeStringField("outcome", outcome);
        if (position > 0) {
            json.writeNumberField("position", position);
        } else {
            json.writeNullField("position");
        }
    }
}
