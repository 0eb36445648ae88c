package org.usageledger.jobs.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.usageledger.jobs.recovery.LocalEntry.Phase;

/** Decides what a pass does, from what is listed and what is known here, and from nothing else. */
public final class RecoveryPlanner {
    private final LocalExecutions.Snapshot rest;
    private final Listing listing;
    private final Self self;
    private final Unlisted unlisted;
    private final List<Key> settled = new ArrayList<>();
    private final List<Key> unseen = new ArrayList<>();

    /** What becomes of an entry that the listing does not show. */
    @FunctionalInterface
    interface Unlisted {
        Verdict judge(LocalEntry entry, long beganAt);
    }

    private RecoveryPlanner(LocalExecutions.Snapshot rest, Listing listing, Self self, Unlisted unlisted) {
        this.rest = rest;
        this.listing = listing;
        this.self = self;
        this.unlisted = unlisted;
    }

    /**
     * The same input gives the same plan.
     *
     * @param rest what is known here, drained after the listing was read
     */
    public static Plan plan(LocalExecutions.Snapshot rest, Listing listing, Self self) {
        return plan(rest, listing, self, RecoveryPlanner::byEvidence);
    }

    static Plan plan(LocalExecutions.Snapshot rest, Listing listing, Self self, Unlisted unlisted) {
        return new RecoveryPlanner(rest, listing, self, unlisted).plan();
    }

    private Plan plan() {
        Map<UUID, LocalEntry> local = rest.entries().stream()
                .collect(Collectors.toMap(entry -> entry.key().execution(), Function.identity()));
        Map<UUID, Verdict> verdicts = new TreeMap<>();
        for (Listed row : listing.rows()) {
            verdicts.put(row.execution(), listed(row, local.get(row.execution())));
        }
        for (LocalEntry entry : rest.entries()) {
            verdicts.computeIfAbsent(entry.key().execution(), _ -> unlisted(entry));
        }
        return new Plan(List.copyOf(verdicts.values()), listing.rows().size(), settled, unseen);
    }

    private Verdict unlisted(LocalEntry entry) {
        Verdict verdict = unlisted.judge(entry, listing.beganAt());
        if (verdict instanceof Verdict.Forget forget) {
            settled.add(forget.key());
        } else if (entry.phase() == Phase.IN_DOUBT) {
            unseen.add(entry.key());
        }
        return verdict;
    }

    /**
     * Only positive evidence makes an entry go. One that is still starting may get its row after any number of listings; one that runs
     * is asked about only if its row was acknowledged before the listing began.
     */
    static Verdict byEvidence(LocalEntry entry, long beganAt) {
        boolean before = entry.since() <= beganAt;
        return switch (entry.phase()) {
            case STARTING, IN_DOUBT -> new Verdict.Keep(entry.key());
            case RUNNING -> before ? new Verdict.MaybeDone(entry.key()) : new Verdict.Keep(entry.key());
            case ENDED -> before ? new Verdict.Forget(entry.key()) : new Verdict.Keep(entry.key());
        };
    }

    private Verdict listed(Listed row, @Nullable LocalEntry entry) {
        boolean live = entry != null && entry.live(listing.beganAt());
        return switch (row) {
            case Listed.Unreadable unreadable -> new Verdict.Unreadable(unreadable.execution(), unreadable.problem());
            case Listed.Pending pending -> {
                if (entry != null && live) {
                    // Its thread has given it back, and is about to say that it has ended.
                    yield held(entry, pending.epoch(), true);
                }
                settle(entry, pending.epoch(), false);
                yield pending(pending);
            }
            case Listed.Owned owned -> {
                boolean mine = owned.node().equals(self.node());
                if (entry != null && live) {
                    yield held(entry, owned.epoch(), mine);
                }
                settle(entry, owned.epoch(), mine);
                yield mine ? mine(owned, entry) : others(owned);
            }
        };
    }

    /** About a row while a thread of this process may still work on it. */
    private static Verdict held(LocalEntry entry, long epoch, boolean mayBeOurs) {
        Key key = entry.key();
        // A lower epoch than our own: the listing is older than the claim.
        boolean current = epoch < key.epoch() || (epoch == key.epoch() && mayBeOurs);
        return current ? new Verdict.SkipRunning(key.execution()) : new Verdict.Fenced(key, epoch);
    }

    /** Says whether an entry that nothing here works on is needed any longer, given the row. */
    private void settle(@Nullable LocalEntry entry, long epoch, boolean mine) {
        if (entry == null || (mine && epoch <= entry.key().epoch())) {
            // Kept until it is claimed: it is why finding the row without a thread is no defect.
            return;
        }
        if (entry.phase() == Phase.IN_DOUBT && epoch < entry.key().epoch()) {
            unseen.add(entry.key());
        } else {
            settled.add(entry.key());
        }
    }

    private Verdict pending(Listed.Pending row) {
        if (row.generation() != self.generation()) {
            return new Verdict.ForeignGeneration(row.execution(), row.generation());
        }
        return row.due()
                ? new Verdict.Start(row.execution(), row.epoch(), row.job())
                : new Verdict.Backoff(row.execution());
    }

    private Verdict mine(Listed.Owned row, @Nullable LocalEntry entry) {
        if (row.generation() != self.generation()) {
            return new Verdict.ForeignGeneration(row.execution(), row.generation());
        }
        if (row.incarnation() > self.incarnation() || row.ownerExpunged()) {
            // Another process has this node's name, or the node may not work any more.
            return new Verdict.Others(row.execution());
        }
        if (entry != null && row.epoch() <= entry.key().epoch()) {
            return recover(row, entry.phase() == Phase.IN_DOUBT ? ClaimReason.IN_DOUBT : ClaimReason.LEFT_BEHIND);
        }
        return row.incarnation() < self.incarnation()
                ? recover(row, ClaimReason.RESTART)
                : new Verdict.LostLocally(row.execution(), row.epoch(), row.job(), from(row));
    }

    private static Verdict recover(Listed.Owned row, ClaimReason reason) {
        return new Verdict.Recover(row.execution(), row.epoch(), row.job(), reason, from(row));
    }

    private Verdict others(Listed.Owned row) {
        if (row.generation() != self.generation()) {
            return new Verdict.ForeignGeneration(row.execution(), row.generation());
        }
        if (!row.leaseExpired() && !row.ownerExpunged()) {
            return new Verdict.Others(row.execution());
        }
        ClaimReason reason = row.leaseExpired() ? ClaimReason.LEASE_EXPIRED : ClaimReason.EXPUNGED;
        return new Verdict.TakeOver(row.execution(), row.epoch(), row.job(), reason, from(row));
    }

    private static String from(Listed.Owned row) {
        return row.node() + "/" + row.incarnation();
    }
}
