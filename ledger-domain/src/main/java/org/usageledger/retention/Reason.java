package org.usageledger.retention;

/** Why an event may go, or stays. A dry run counts events by it. */
public enum Reason {
    /** It has no effect on any run. */
    NO_EFFECT("no-effect", true),
    /** An ending where no run was open. */
    STRAY_ENDING("stray-ending", true),
    /** Its run has ended, and the ending is old. */
    RUN_ENDED("run-ended", true),
    /** A later size of the same run is old, and it is not what began the run. */
    SIZED_LATER("sized-later", true),
    /** No beginning of its run will remain. */
    BEGINNINGS_GONE("beginnings-gone", true),

    /** It is not old. */
    YOUNG("young", false),
    /** It began a run that goes on. */
    BEGAN_OPEN_RUN("began-open-run", false),
    /** It belongs to a run that goes on, and no later event says how large that is. */
    SIZES_OPEN_RUN("sizes-open-run", false),
    /** Its run has ended, but the ending is not old. */
    ENDING_YOUNG("ending-young", false),
    /** It ends a run of which a beginning stays: without it the run would look open. */
    BEGINNING_STAYS("beginning-stays", false);

    private final String label;
    private final boolean goes;

    Reason(String label, boolean goes) {
        this.label = label;
        this.goes = goes;
    }

    /** The name that operators see. */
    public String label() {
        return label;
    }

    /** Whether the event may go. */
    public boolean goes() {
        return goes;
    }
}
