package org.usageledger.log;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps the appender from recording, from the first fault until it works again. Written by the appender's thread alone. */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private volatile @Nullable Met met;

    private record Met(Exception fault, String says, Instant since) {}

    /** Logs a fault when it begins, not each time it is met again. */
    void met(SQLException fault) {
        String says = FaultReport.of(fault);
        if (!says.equals(says())) {
            LOG.warn("a transaction of the log failed: {}", says);
        }
        remember(fault, says);
    }

    /** A fault that is no word of the database, logged by whoever met it. */
    void met(RuntimeException fault) {
        remember(fault, fault instanceof ExpungedNode refused ? refused.says() : fault.toString());
    }

    /** As {@link #met(SQLException)}. */
    void refused(ExpungedNode refusal) {
        if (!refusal.says().equals(says())) {
            LOG.error("{}", refusal.says());
        }
        remember(refusal, refusal.says());
    }

    private void remember(Exception fault, String says) {
        Met before = met;
        met = new Met(fault, says, before == null ? Instant.now() : before.since());
    }

    void over() {
        met = null;
    }

    boolean lasts() {
        return met != null;
    }

    /** What was met last; empty if it is over. */
    String says() {
        Met now = met;
        return now == null ? "" : now.says();
    }

    Optional<Instant> since() {
        return Optional.ofNullable(met).map(Met::since);
    }

    /** Why a request's time ran out: an outage is no overload, and is counted apart. */
    AppendResult whyNotBegun(AppendResult.Overloaded otherwise) {
        Met now = met;
        return now == null ? otherwise : new AppendResult.Failed(now.fault(), true);
    }
}
