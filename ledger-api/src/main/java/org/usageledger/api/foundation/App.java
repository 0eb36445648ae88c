package org.usageledger.api.foundation;

import java.time.Instant;

/**
 * An app, and how its owners treat it.
 *
 * @param number of its foundation, from 0
 * @param born when it is pushed first
 * @param dies when it is deleted; after the story's end if it never is
 */
record App(int number, Ref ref, Place place, Software software, Habits habits, Instant born, Instant dies) {

    /**
     * What it is built with.
     *
     * @param buildpack {@link Ref#NONE} for an image that needs none
     * @param memoryMb of one instance, to begin with
     */
    record Software(Ref buildpack, int memoryMb) {}

    /**
     * How its owners treat it.
     *
     * @param instances of its web process, to begin with
     * @param worker whether it has a worker process beside
     * @param rolling new versions are rolled out beside the old one instead of restarting it
     * @param sleeps stopped in the evening, started in the morning
     * @param breathes scaled out in the morning and in at night
     * @param nightly runs a task every night
     * @param pushesPerDay on working days
     */
    record Habits(
            int instances,
            boolean worker,
            boolean rolling,
            boolean sleeps,
            boolean breathes,
            boolean nightly,
            double pushesPerDay) {}
}
