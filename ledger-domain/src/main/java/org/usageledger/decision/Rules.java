package org.usageledger.decision;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.usageledger.decision.RunCommand.EndRun;
import org.usageledger.decision.RunCommand.RecordTaskStop;
import org.usageledger.decision.RunCommand.StartBaseline;
import org.usageledger.event.EventIdentity;
import org.usageledger.event.Origin;
import org.usageledger.event.Sha256;
import org.usageledger.event.UnreadableBody;
import org.usageledger.event.UsageEvent;
import org.usageledger.event.WrittenEvent;
import org.usageledger.lifecycle.Lifecycle;
import org.usageledger.lifecycle.Run;
import org.usageledger.log.NewEvent;
import org.usageledger.log.SuppressionReason;

/** Decides about one run: a pure function of what is on record and what is asked. */
public final class Rules {
    /** Makes the derived guids name-based ones whose names are hashed by no method of the standard's own. */
    private static final long VERSION_8 = 0x8000L;

    private Rules() {}

    /**
     * What the command comes to.
     *
     * @param standing of the command's resource; with its sizing event where a run is to be ended
     */
    public static Decision decide(Standing standing, RunCommand command) {
        try {
            return switch (command) {
                case StartBaseline start -> start(standing, start);
                case EndRun end -> end(standing, end);
                case RecordTaskStop stop -> stop(standing, stop);
            };
        } catch (UnreadableBody e) {
            return new Decision.Refuse(new Refusal.Unreadable(String.valueOf(e.getMessage())));
        }
    }

    /** Of the event that the command writes, whatever is on record; empty where the event is not the ledger's own. */
    public static Optional<EventIdentity> written(RunCommand command) {
        return command.list()
                .map(list -> EventIdentity.ofGuid(
                        Lifecycle.of(command.resource().kind()).eventKind(), guid(command, list)));
    }

    private static Decision start(Standing standing, StartBaseline start) {
        Lifecycle lifecycle = Lifecycle.of(start.resource().kind());
        Optional<String> state = lifecycle.baselineState();
        if (state.isEmpty()) {
            return new Decision.Refuse(new Refusal.NoBaseline(start.resource().kind()));
        }
        if (standing.run() instanceof Run.Open open) {
            return new Decision.Refuse(new Refusal.AlreadyRuns(open.opened()));
        }
        if (standing.newest() > start.listing().upTo().position()) {
            return new Decision.Refuse(new Refusal.NewerThanList(standing.newest()));
        }
        WrittenEvent.Head head = head(guid(start, start.listing()), start.listing(), state.get(), null);
        UsageEvent event = WrittenEvent.listed(lifecycle.eventKind(), head, start.fields());
        if (!event.resource().equals(Optional.of(start.resource()))) {
            return new Decision.Refuse(new Refusal.Unreadable("listed as " + start.resource() + " with the fields of "
                    + event.resource().map(Object::toString).orElse("nothing that runs")));
        }
        return new Decision.Append(NewEvent.of(event, Origin.BASELINE));
    }

    private static Decision end(Standing standing, EndRun end) {
        if (!(standing.run() instanceof Run.Open)) {
            return new Decision.Refuse(new Refusal.NotRunning());
        }
        if (standing.newest() > end.listing().upTo().position()) {
            return new Decision.Refuse(new Refusal.NewerThanList(standing.newest()));
        }
        UsageEvent sizing = standing.sizing();
        if (sizing == null) {
            throw new IllegalStateException("the beginning that sizes the run of " + end.resource() + " was not read");
        }
        Lifecycle lifecycle = Lifecycle.of(end.resource().kind());
        WrittenEvent.Head head =
                head(guid(end, end.listing()), end.listing(), lifecycle.endingState(), standing.openedIn());
        UsageEvent event = WrittenEvent.like(lifecycle.eventKind(), head, sizing.body());
        return new Decision.Append(NewEvent.of(event, Origin.REPAIR));
    }

    private static Decision stop(Standing standing, RecordTaskStop stop) {
        NewEvent event = NewEvent.ofPlatform(stop.stop());
        if (standing.run() instanceof Run.Open) {
            return new Decision.Append(event);
        }
        return new Decision.KeepAside(
                event, standing.begun() ? SuppressionReason.ALREADY_ENDED : SuppressionReason.NO_START_ON_RECORD);
    }

    private static WrittenEvent.Head head(String guid, Listing listing, String state, @Nullable String previous) {
        return new WrittenEvent.Head(guid, listing.at(), state, previous);
    }

    /**
     * Derived from what the event is for, so that written again after an unknown outcome it is the same event: the purpose, the resource, the execution. Of one
     * resource an execution starts or ends one run at most: what it wrote is itself newer than its list.
     */
    private static String guid(RunCommand command, Listing listing) {
        String purpose = command instanceof EndRun ? "repair" : "baseline";
        MessageDigest sha256 = Sha256.digest();
        String name = String.join(
                "\n",
                purpose,
                command.resource().kind().label(),
                command.resource().key(),
                listing.execution().toString());
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(name.getBytes(StandardCharsets.UTF_8)));
        long high = (digest.getLong() & ~0xf000L) | VERSION_8;
        long low = (digest.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }
}
