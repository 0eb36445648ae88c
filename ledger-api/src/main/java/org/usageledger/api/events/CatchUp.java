package org.usageledger.api.events;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.usageledger.log.LogReader;
import org.usageledger.log.Page;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;

/** Pages from the database for followers who are behind what is kept in memory, a few at a time: pages for others have to get their turn. */
final class CatchUp {
    /** A page of one follower: small, because any number of them may be held by connections that are slow to take them. */
    static final int EVENTS = 200;

    /** Less than half of the connections that readers have by default. */
    private static final int AT_A_TIME = 4;

    private final LogReader log;
    private final Semaphore turns = new Semaphore(AT_A_TIME, true);

    CatchUp(LogReader log) {
        this.log = log;
    }

    /** The next page; empty if its turn did not come in time. */
    Optional<Page> page(Start start, ReadFilter filter, Duration patience) throws InterruptedException {
        if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(log.page(start, filter, EVENTS));
        } finally {
            turns.release();
        }
    }
}
