package org.usageledger.decision;

import java.time.Duration;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Outcome;
import org.usageledger.log.SuppressionReason;

/** What became of a command. */
public sealed interface Answer {
    /** Its event is on record, for good. */
    record Recorded(long position) implements Answer {}

    /** Its event was on record before: the command was carried out earlier. */
    record AlreadyRecorded(long position) implements Answer {}

    /** Its stop is kept aside. */
    record KeptAside(SuppressionReason reason) implements Answer {}

    /** Nothing was to be recorded. */
    record Refused(Refusal why) implements Answer {}

    /**
     * Something newer of the resource came in between, each time it was tried: nothing was recorded.
     *
     * @param newest its position, 0 if it is not known
     */
    record Overtaken(long newest) implements Answer {}

    /** Whoever asked has lost its claim: nothing was recorded. */
    record Fenced() implements Answer {}

    /** What its list knows is not confirmed here yet: nothing was recorded. Ask again. */
    record NotYet(Duration retryAfter) implements Answer {}

    /** The log did not take it, as it says: nothing was recorded. */
    record NotTaken(AppendResult why) implements Answer {}

    /** It is not known whether it was recorded. Ask again: it is the same event. */
    record InDoubt(Duration retryAfter) implements Answer {}

    /** What became of a command whose event had this outcome. */
    static Answer of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Recorded recorded -> new Recorded(recorded.position());
            case Outcome.Duplicate duplicate -> new AlreadyRecorded(duplicate.position());
            case Outcome.Suppressed suppressed -> new KeptAside(suppressed.reason());
            case Outcome.ConditionFailed failed -> new Overtaken(failed.newest());
            case Outcome.Conflict conflict -> new Refused(new Refusal.OtherContent(conflict.position()));
            case Outcome.Forgotten forgotten -> new Refused(new Refusal.Forgotten(forgotten.forgottenBefore()));
        };
    }

    /** What became of a command whose request was answered so as a whole. */
    static Answer of(AppendResult result) {
        return switch (result) {
            case AppendResult.Done done -> of(done.outcomes().getFirst());
            case AppendResult.Refused refused -> of(refused.outcomes().getFirst());
            case AppendResult.Fenced fenced -> new Fenced();
            case AppendResult.Unknown unknown -> new InDoubt(unknown.retryAfter());
            case AppendResult.NodeExpunged expunged -> new NotTaken(expunged);
            case AppendResult.Overloaded overloaded -> new NotTaken(overloaded);
            case AppendResult.Failed failed -> new NotTaken(failed);
        };
    }
}
