package org.usageledger.api.cli;

/**
 * How large a request may be. Halved when the service finds one too large, so that a service with smaller limits than the default is
 * found out once.
 *
 * @param bytes of the events, line ends counted; a single event may be larger
 */
record RequestLimits(int events, int bytes) {
    /** Half of what a service takes by default, in both: 10,000 events and 16 MiB. */
    static final RequestLimits DEFAULT = new RequestLimits(5_000, 8 << 20);

    /** Below a request that was too large. */
    RequestLimits below(int tooManyEvents, int tooManyBytes) {
        return new RequestLimits(
                Math.max(1, Math.min(events, tooManyEvents) / 2), Math.max(1, Math.min(bytes, tooManyBytes) / 2));
    }
}
