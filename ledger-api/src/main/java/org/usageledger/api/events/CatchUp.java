package org.usageledger.api.events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.log.CursorRefusal;
import org.usageledger.log.LogFault;
import org.usageledger.log.LogReader;
import org.usageledger.log.Page;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;

/**
 * What followers ask of the database, where memory does not do: at their beginning, and when they are behind what is kept. A few at a
 * time: pages for others have to get their turn.
 */
final class CatchUp {
    /** A page of one follower: small, because any number of them may be held by connections that are slow to take them. */
    static final int EVENTS = 200;

    /** Of bodies, after which such a page ends. */
    static final long BYTES = 256L << 10;

    /** Less than half of the connections that readers have by default. */
    static final int AT_A_TIME = 4;

    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private final LogReader log;
    private final Semaphore turns = new Semaphore(AT_A_TIME, true);
    private volatile @Nullable Instant failingSince;

    CatchUp(LogReader log) {
        this.log = log;
    }

    /** What came of a follower's question. */
    sealed interface Caught {
        record Read(Page page) implements Caught {}

        /** Others were asking all the time. */
        record NotYet() implements Caught {}

        /** The database does not answer as it should. */
        record Failing(Instant since) implements Caught {}
    }

    /** For tests: whether somebody could ask at once. */
    boolean hasTurns() {
        return turns.availablePermits() > 0;
    }

    /** The next page, if its turn comes in time. */
    Caught page(Start start, ReadFilter filter, Duration patience) throws InterruptedException {
        return inTurn(patience, () -> new Caught.Read(log.page(start, filter, EVENTS, BYTES)));
    }

    /** Why a follower cannot begin there, if that can be found out in time; its first page finds it out in any case. */
    Optional<CursorRefusal> refusal(Start start, Duration patience) throws InterruptedException {
        if (!(start instanceof Start.After after)) {
            return Optional.empty();
        }
        Caught judged = inTurn(
                patience,
                () -> log.check(after.cursor())
                        .<Caught>map(why -> new Caught.Read(new Page.Refused(why)))
                        .orElseGet(Caught.NotYet::new));
        return judged instanceof Caught.Read(Page.Refused(CursorRefusal why)) ? Optional.of(why) : Optional.empty();
    }

    private Caught inTurn(Duration patience, Supplier<Caught> question) throws InterruptedException {
        if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            Instant since = failingSince;
            return since == null ? new Caught.NotYet() : new Caught.Failing(since);
        }
        try {
            Caught answer = question.get();
            failingSince = null;
            return answer;
        } catch (LogFault e) {
            return new Caught.Failing(failing(e));
        } finally {
            turns.release();
        }
    }

    /** Logged once, however many ask. */
    private Instant failing(LogFault fault) {
        Instant since = failingSince;
        if (since == null) {
            LOG.warn("followers wait, because what they ask for cannot be read", fault);
            since = Clock.systemUTC().instant();
            failingSince = since;
        }
        return since;
    }
}
