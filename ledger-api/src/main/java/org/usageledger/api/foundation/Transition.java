package org.usageledger.api.foundation;

/**
 * A change of state, in Cloud Controller's words.
 *
 * @param last whether the resource ends for good or for long: what a crash of the platform can swallow. A restart's stop is not: it is
 *     written in one transaction with the start that follows.
 */
record Transition(String state, String previous, boolean last) {
    static final Transition STARTED = new Transition("STARTED", "STOPPED", false);
    static final Transition SCALED = new Transition("STARTED", "STARTED", false);
    static final Transition STOPPED = new Transition("STOPPED", "STARTED", true);
    static final Transition STOPPED_TO_RESTART = new Transition("STOPPED", "STARTED", false);
    static final Transition STAGING_STARTED = new Transition("STAGING_STARTED", "STAGING", false);
    static final Transition STAGING_STOPPED = new Transition("STAGING_STOPPED", "STAGING", true);
    static final Transition BUILDPACK_SET = new Transition("BUILDPACK_SET", "STAGED", false);
    static final Transition TASK_STARTED = new Transition("TASK_STARTED", "PENDING", false);
    static final Transition TASK_STOPPED = new Transition("TASK_STOPPED", "RUNNING", true);
    static final Transition TASK_CANCELLED = new Transition("TASK_STOPPED", "CANCELING", true);
}
