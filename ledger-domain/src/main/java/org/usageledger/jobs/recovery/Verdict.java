package org.usageledger.jobs.recovery;

import java.util.UUID;

/** What a pass does about one execution. */
public sealed interface Verdict {

    UUID execution();

    /**
     * To be claimed by a statement that checks again, under the row's lock, that the row still has this epoch and still is what the
     * verdict relies on: the listing is old by then. The new epoch is one more.
     */
    sealed interface Claim extends Verdict {
        /** As listed. */
        long epoch();

        String job();

        ClaimReason reason();

        /** Who had it, as {@code node/incarnation}; empty if nobody. */
        String from();

        /** What it is held by once it is claimed. */
        default Key claimed() {
            return new Key(execution(), epoch() + 1);
        }
    }

    /** Pending and due, and nothing of it here. */
    record Start(UUID execution, long epoch, String job) implements Claim {
        @Override
        public ClaimReason reason() {
            return ClaimReason.START;
        }

        @Override
        public String from() {
            return "";
        }
    }

    /** Left over by this node: by an older incarnation, by a commit whose outcome was not learnt, or by a thread that could not write. */
    record Recover(UUID execution, long epoch, String job, ClaimReason reason, String from) implements Claim {}

    /** Left by another node, whose lease has expired or that was expunged. */
    record TakeOver(UUID execution, long epoch, String job, ClaimReason reason, String from) implements Claim {}

    /** This incarnation's by the database, and unknown here: a defect. It is claimed anew and counted. */
    record LostLocally(UUID execution, long epoch, String job, String from) implements Claim {
        @Override
        public ClaimReason reason() {
            return ClaimReason.LOST_LOCALLY;
        }
    }

    /** Carried out here. */
    record SkipRunning(UUID execution) implements Verdict {}

    /**
     * Claimed by another since: what runs here is to be cancelled. Until that has ended here, this node does not claim it.
     *
     * @param epoch as listed
     */
    record Fenced(Key local, long epoch) implements Verdict {
        @Override
        public UUID execution() {
            return local.execution();
        }
    }

    /** Another node's. */
    record Others(UUID execution) implements Verdict {}

    /** Pending, its next attempt not yet due. */
    record Backoff(UUID execution) implements Verdict {}

    /** Of code that this node does not run. */
    record ForeignGeneration(UUID execution, int generation) implements Verdict {}

    /** Present, and that is all that can be said. */
    record Unreadable(UUID execution, String problem) implements Verdict {}

    /** Not listed any more, and its thread had ended before the listing began. */
    record Forget(Key key) implements Verdict {
        @Override
        public UUID execution() {
            return key.execution();
        }
    }

    /** Not listed, which says nothing: its row may not have been there yet when the listing was read. */
    record Keep(Key key) implements Verdict {
        @Override
        public UUID execution() {
            return key.execution();
        }
    }

    /** Not listed although its row was there before the listing began: to be looked up. */
    record MaybeDone(Key key) implements Verdict {
        @Override
        public UUID execution() {
            return key.execution();
        }
    }
}
