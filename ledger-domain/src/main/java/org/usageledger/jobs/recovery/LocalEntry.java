package org.usageledger.jobs.recovery;

/**
 * What this process knows of an execution it has, may have or had.
 *
 * @param since the number of the message, or of the claim, that brought it into its phase
 * @param fenced whether a listing has shown that the claim is lost
 * @param maybeDone whether a look-up has found it ended although its thread has not said so
 * @param unseen in how many listings, since the doubt began, its row was not seen
 */
public record LocalEntry(Key key, Phase phase, long since, boolean fenced, boolean maybeDone, int unseen) {

    /** How far an execution has come in this process. */
    public enum Phase {
        /** Its row may be inserted at any time, however long that takes. */
        STARTING,
        /** Whether its insert or claim was committed is not known; nothing here carries it out. */
        IN_DOUBT,
        /** A thread here carries it out, or is about to. */
        RUNNING,
        /** Its thread has said that it makes no further transaction. */
        ENDED
    }

    static LocalEntry of(Key key, Phase phase, long since) {
        return new LocalEntry(key, phase, since, false, false, 0);
    }

    LocalEntry in(Phase next, long since) {
        return new LocalEntry(key, next, since, fenced, false, 0);
    }

    LocalEntry withFenced() {
        return new LocalEntry(key, phase, since, true, maybeDone, unseen);
    }

    LocalEntry withMaybeDone() {
        return new LocalEntry(key, phase, since, fenced, true, unseen);
    }

    LocalEntry withUnseen() {
        return new LocalEntry(key, phase, since, fenced, maybeDone, unseen + 1);
    }

    /** Whether a thread of this process may still work on it, as far as a listing that began at the mark can tell. */
    boolean live(long beganAt) {
        return switch (phase) {
            case STARTING, RUNNING -> true;
            case IN_DOUBT -> false;
            case ENDED -> since > beganAt;
        };
    }
}
