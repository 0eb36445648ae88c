package org.usageledger.tasks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time, and how it passes. */
interface Ticker {
    /** Since some moment; only differences mean something. */
    long nanos();

    /** As precise as the database keeps it. */
    Instant now();

    /** How long to wait at most, really, before looking whether this time is over. */
    long pause(long nanos);

    /** The machine's. */
    Ticker SYSTEM = new Ticker() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now().truncatedTo(ChronoUnit.MICROS);
        }

        @Override
        public long pause(long nanos) {
            return nanos;
        }
    };
}
