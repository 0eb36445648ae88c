package org.usageledger.jobs.recovery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.usageledger.jobs.recovery.LocalEntry.Phase;
import org.usageledger.jobs.recovery.Tally.Count;

/**
 * The executions of this process: those it has, may have, and had until their end is known to all who need to know.
 *
 * <p>Threads that start and end executions say so here. A starter says {@link #starting} before its row can exist, and then exactly one of
 * {@link #created}, {@link #createFailed} and {@link #createInDoubt}; who has said {@code created} owes an {@link #ended}, even if no thread
 * could be started. An executor says {@code ended} after its last transaction, whatever came of it.
 *
 * <p>The sets are changed by the pass alone.
 */
public final class LocalExecutions {
    /** Messages that may wait for a pass; starts are refused beyond it, about a megabyte. */
    static final int WAITING_MESSAGES = 10_000;

    /**
     * Listings without its row after which an entry in doubt is dropped: an hour of passes by the timer. If the row comes later still, it
     * is claimed as one that was lost, which is safe, and counted as such.
     */
    static final int UNSEEN_LISTINGS = 60;

    private final Deque<Said> waiting = new ArrayDeque<>();
    private final Map<UUID, LocalEntry> entries = new TreeMap<>();
    private final Tally tally = new Tally();
    private final int unseenListings;
    private long said;
    private long taken;

    private record Said(long number, Message message) {}

    public LocalExecutions() {
        this(UNSEEN_LISTINGS);
    }

    LocalExecutions(int unseenListings) {
        this.unseenListings = unseenListings;
    }

    /** The entries, by execution. */
    public record Snapshot(List<LocalEntry> entries) {
        public Snapshot {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Says that a row of this execution, owned by this node with {@link Key#FIRST_EPOCH}, may be inserted from now on.
     *
     * @return false if too much waits for a pass: then the row must not be inserted
     */
    public synchronized boolean starting(UUID execution) {
        if (waiting.size() >= WAITING_MESSAGES) {
            return false;
        }
        say(new Message.Starting(execution));
        return true;
    }

    /** Says that the row is committed. */
    public void created(UUID execution) {
        say(new Message.Created(Key.first(execution)));
    }

    /** Says that there is no such row and will be none. */
    public void createFailed(UUID execution) {
        say(new Message.CreateFailed(execution));
    }

    /** Says that the row may or may not be committed, and that the thread that says so will start nothing. */
    public void createInDoubt(UUID execution) {
        say(new Message.CreateInDoubt(execution));
    }

    /** Says that a claim's thread makes no further transaction. */
    public void ended(Key key) {
        say(new Message.Ended(key));
    }

    private synchronized void say(Message message) {
        said++;
        switch (message) {
            case Message.Starting _, Message.Created _, Message.CreateInDoubt _ -> taken = said;
            case Message.CreateFailed _, Message.Ended _ -> {}
        }
        waiting.add(new Said(said, message));
    }

    /** The number of what was said last: what is said from now on has a higher one. Taken before the listing is read. */
    public synchronized long mark() {
        return said;
    }

    /**
     * Where a node stands that hands over.
     *
     * @param passing whether a pass is under way
     * @param looked as in {@link Handover}
     */
    public synchronized Handover handover(boolean passing, long looked) {
        LocalCounts counts = counts();
        return new Handover(counts.starting() + counts.running() + counts.maybeDone(), passing, taken, looked);
    }

    /** Hears what was said. After the listing, and also if that failed: then only so that no more waits than has to. */
    public synchronized Snapshot drain() {
        for (Said next = waiting.poll(); next != null; next = waiting.poll()) {
            hear(next.message(), next.number());
        }
        return snapshot();
    }

    private void hear(Message message, long number) {
        switch (message) {
            case Message.Starting(UUID execution) ->
                entries.putIfAbsent(execution, LocalEntry.of(Key.first(execution), Phase.STARTING, number));
            case Message.Created(Key key) -> run(key, number);
            case Message.CreateFailed(UUID execution) -> {
                if (notYetRunning(execution)) {
                    entries.remove(execution);
                    tally.add(Count.CREATE_FAILED);
                }
            }
            case Message.CreateInDoubt(UUID execution) -> {
                if (notYetRunning(execution)) {
                    entries.put(execution, LocalEntry.of(Key.first(execution), Phase.IN_DOUBT, number));
                    tally.add(Count.CREATE_IN_DOUBT);
                }
            }
            case Message.Ended(Key key) -> end(key, number);
        }
    }

    private boolean notYetRunning(UUID execution) {
        LocalEntry entry = entries.get(execution);
        return entry != null && entry.phase() == Phase.STARTING;
    }

    private void run(Key key, long number) {
        if (notYetRunning(key.execution()) || !entries.containsKey(key.execution())) {
            entries.merge(
                    key.execution(),
                    LocalEntry.of(key, Phase.RUNNING, number),
                    (starting, _) -> starting.in(Phase.RUNNING, number));
            tally.add(Count.OBSERVED_STARTED);
        }
    }

    private void end(Key key, long number) {
        tally.add(Count.OBSERVED_ENDED);
        LocalEntry entry = entries.get(key.execution());
        if (entry == null || !entry.key().equals(key)) {
            return;
        }
        switch (entry.phase()) {
            case STARTING -> {
                tally.add(Count.OBSERVED_STARTED);
                entries.put(key.execution(), entry.in(Phase.ENDED, number));
            }
            case RUNNING -> entries.put(key.execution(), entry.in(Phase.ENDED, number));
            case IN_DOUBT, ENDED -> {}
        }
    }

    /**
     * Enters what the pass has claimed, at once and before its thread is started, so that it stays known if the pass fails later.
     *
     * @throws IllegalStateException if a thread here may still work on it: then it must not have been claimed
     */
    public synchronized void claimed(Verdict.Claim claim) {
        replace(claim, Phase.RUNNING);
        tally.add(
                switch (claim) {
                    case Verdict.Start _ -> Count.STARTED;
                    case Verdict.Recover _, Verdict.LostLocally _ -> Count.RECOVERED;
                    case Verdict.TakeOver _ -> Count.TAKEN_OVER;
                });
        if (claim instanceof Verdict.LostLocally) {
            tally.add(Count.CLAIMED_WITHOUT_LOCAL);
        }
    }

    /** Enters what the pass may have claimed: whether that was committed is not known. No thread is started. */
    public synchronized void claimInDoubt(Verdict.Claim claim) {
        replace(claim, Phase.IN_DOUBT);
    }

    private void replace(Verdict.Claim claim, Phase phase) {
        LocalEntry before = entries.get(claim.execution());
        if (before != null && (before.phase() == Phase.STARTING || before.phase() == Phase.RUNNING)) {
            throw new IllegalStateException(
                    "execution " + claim.execution() + " was claimed while it is here: " + before);
        }
        drop(before, Count.FORGOTTEN);
        said++;
        taken = said;
        entries.put(claim.execution(), LocalEntry.of(claim.claimed(), phase, said));
    }

    private void drop(@Nullable LocalEntry entry, Count why) {
        if (entry != null) {
            entries.remove(entry.key().execution());
            if (entry.phase() == Phase.RUNNING || entry.phase() == Phase.ENDED) {
                tally.add(why);
            }
        }
    }

    /** Brings the sets up to date after a plan was carried out. */
    public synchronized void after(Plan plan, Map<UUID, Outcome> outcomes) {
        for (Key key : plan.settled()) {
            drop(current(key), Count.FORGOTTEN);
        }
        plan.unseen().forEach(this::notSeen);
        for (Verdict.Fenced fenced : plan.fenced()) {
            LocalEntry entry = current(fenced.local());
            if (entry != null && !entry.fenced()) {
                entries.put(fenced.execution(), entry.withFenced());
                tally.add(Count.FENCED);
            }
        }
        for (Verdict.MaybeDone maybe : plan.maybeDone()) {
            if (outcomes.get(maybe.execution()) instanceof Outcome.FoundEnded) {
                foundEnded(maybe.key());
            }
        }
    }

    private void notSeen(Key key) {
        LocalEntry entry = current(key);
        if (entry == null || entry.phase() != Phase.IN_DOUBT) {
            return;
        }
        if (entry.unseen() + 1 < unseenListings) {
            entries.put(key.execution(), entry.withUnseen());
        } else {
            entries.remove(key.execution());
            tally.add(Count.DOUBT_DROPPED);
        }
    }

    /** The first time its thread may just not have come to say so; the second time it will not. */
    private void foundEnded(Key key) {
        LocalEntry entry = current(key);
        if (entry == null || entry.phase() != Phase.RUNNING) {
            return;
        }
        if (entry.maybeDone()) {
            drop(entry, Count.INFERRED_DONE);
        } else {
            entries.put(key.execution(), entry.withMaybeDone());
        }
    }

    private @Nullable LocalEntry current(Key key) {
        LocalEntry entry = entries.get(key.execution());
        return entry != null && entry.key().equals(key) ? entry : null;
    }

    /** What is known here, without hearing what waits. */
    public synchronized Snapshot snapshot() {
        return new Snapshot(List.copyOf(entries.values()));
    }

    /** What is held here and what came and went, at one moment. */
    public synchronized LocalCounts counts() {
        return LocalCounts.of(entries.values(), tally);
    }
}
