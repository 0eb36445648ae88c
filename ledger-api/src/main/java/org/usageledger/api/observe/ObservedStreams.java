package org.usageledger.api.observe;

import jakarta.inject.Singleton;
import org.usageledger.api.http.ProblemType;
import org.usageledger.api.http.StreamObserver;

/** Counts what becomes of answers after they have begun. */
@Singleton
final class ObservedStreams implements StreamObserver {
    private final HttpMetrics metrics;

    ObservedStreams(Observation observation) {
        metrics = observation.http();
    }

    @Override
    public void refused(ProblemType why) {
        metrics.refused(why);
    }

    @Override
    public void cutShort(Cut why) {
        metrics.cutShort(why);
    }
}
