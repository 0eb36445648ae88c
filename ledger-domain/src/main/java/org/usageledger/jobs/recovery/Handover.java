package org.usageledger.jobs.recovery;

import java.util.Optional;

/**
 * How far a node has come that is asked to hand over what it does, as its process knows it. The database has the last word: it takes no node
 * for drained that holds a claim.
 *
 * @param working executions that threads of this process start or carry out
 * @param passing whether a pass is under way, which may just have learnt of more
 * @param taken the number of what was said last of an execution that was taken here, or may have been
 * @param looked up to which number all was said when the last pass began that gave back what nothing here works on, and in which nothing
 *     failed; {@value #NEVER} if there was none
 */
public record Handover(long working, boolean passing, long taken, long looked) {
    /** No such pass. */
    public static final long NEVER = -1;

    /** What keeps a node from being drained. */
    public enum Blocker {
        /** Executions are stopped between two chunks. */
        WORKING("executions here come to the end of their chunk"),
        PASSING("a pass is under way"),
        /** None, or none that began after the last execution was taken, or may have been. */
        NOT_LOOKED("no pass has looked since for what nothing here works on, and gone through");

        private final String text;

        Blocker(String text) {
            this.text = text;
        }

        /** For operators. */
        public String text() {
            return text;
        }
    }

    /** Empty if it has let go of all that it knows of. */
    public Optional<Blocker> blocker() {
        if (working > 0) {
            return Optional.of(Blocker.WORKING);
        }
        if (passing) {
            return Optional.of(Blocker.PASSING);
        }
        return looked < taken ? Optional.of(Blocker.NOT_LOOKED) : Optional.empty();
    }
}
