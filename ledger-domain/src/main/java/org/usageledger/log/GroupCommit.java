package org.usageledger.log;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries groups of requests through one transaction each, until every request has its answer. Used by one thread. */
final class GroupCommit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration BUSY_PAUSE = Duration.ofMillis(10);

    private final LogAppender.Sessions sessions;
    private final HeldHeadGuard guard;
    private final HeadWatch watch;
    private final AppendQueue queue;
    private final AppendObserver observer;
    private @Nullable AppendSession session;
    private final LongAdder transactions = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder inDoubt = new LongAdder();
    private final Outage outage = new Outage();
    private Instant began = Instant.EPOCH;
    private long beganNanos;

    GroupCommit(
            LogAppender.Sessions sessions,
            HeldHeadGuard guard,
            HeadWatch watch,
            AppendQueue queue,
            AppendObserver observer) {
        this.sessions = sessions;
        this.guard = guard;
        this.watch = watch;
        this.queue = queue;
        this.observer = observer;
    }

    LogAppender.Status status(AppendQueue.Waiting waiting) {
        return new LogAppender.Status(
                waiting.events(),
                waiting.bytes(),
                transactions.sum(),
                events.sum(),
                inDoubt.sum(),
                outage.says(),
                outage.since());
    }

    /** Ends when every request of the batch is answered or put back. */
    void carryOut(List<Pending> batch) {
        Deque<List<Pending>> groups = new ArrayDeque<>();
        groups.add(batch);
        try {
            while (!groups.isEmpty()) {
                attempt(groups);
            }
        } catch (RuntimeException | Error e) {
            dropSession();
            batch.forEach(pending -> pending.answer().complete(new AppendResult.Unknown(RETRY_AFTER)));
            throw e;
        }
    }

    /**
     * Called while nobody appends: tries after a fault whether a transaction can be committed again. Who reads the status would otherwise
     * be told of a fault long past until somebody appends.
     */
    void probe() {
        if (!outage.lasts()) {
            return;
        }
        try {
            AppendSession open = session();
            open.write(List.of());
            if (open.commit()) {
                outage.over();
            } else {
                dropSession();
            }
        } catch (SQLException e) {
            dropSession();
            outage.met(e);
            if (Fault.of(e) == Fault.HELD_COUNTER) {
                releaseCounter();
            }
        } catch (RuntimeException e) {
            dropSession();
            outage.met(e);
        }
    }

    private void attempt(Deque<List<Pending>> groups) {
        List<Pending> group = alive(groups.removeFirst());
        if (group.isEmpty()) {
            return;
        }
        began = Instant.now();
        beganNanos = System.nanoTime();
        AppendSession.Written written;
        try {
            written = session().write(group.stream().map(Pending::request).toList());
        } catch (SQLException e) {
            dropSession();
            afterFault(groups, group, e);
            return;
        } catch (ExpungedNode e) {
            expunged(group, e);
            return;
        } catch (RuntimeException e) {
            dropSession();
            LOG.error("writing a transaction of the log failed before its commit", e);
            outage.met(e);
            bisect(groups, group, new AppendResult.Failed(e, true));
            return;
        }
        try {
            if (session().commit()) {
                answer(group, written);
            } else {
                findOut(groups, group, written, new SQLException("committed without its standbys"));
            }
        } catch (SQLException e) {
            findOut(groups, group, written, e);
        }
    }

    private void expunged(List<Pending> group, ExpungedNode refusal) {
        dropSession();
        outage.refused(refusal);
        group.forEach(pending -> pending.answer().complete(new AppendResult.NodeExpunged(refusal.node())));
    }

    /** Those whose time is not up; the others are told that nothing of them was recorded. None if the appender is to end. */
    private List<Pending> alive(List<Pending> group) {
        List<Pending> alive = new ArrayList<>(group.size());
        boolean ending = Thread.currentThread().isInterrupted();
        for (Pending pending : group) {
            if (ending || pending.expired()) {
                pending.answer().complete(outage.whyNotBegun(new AppendResult.Overloaded(RETRY_AFTER)));
            } else {
                alive.add(pending);
            }
        }
        return alive;
    }

    private AppendSession session() throws SQLException {
        AppendSession open = session;
        if (open == null) {
            open = sessions.open();
            session = open;
        }
        return open;
    }

    private void dropSession() {
        AppendSession open = session;
        session = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("closing a broken session failed too", e);
            }
        }
    }

    /** Nothing was committed: the transaction ended before its commit was sent. */
    private void afterFault(Deque<List<Pending>> groups, List<Pending> group, SQLException fault) {
        switch (Fault.of(fault)) {
            case HELD_COUNTER -> {
                outage.met(fault);
                releaseCounter();
                groups.addFirst(group);
            }
            case PASSING -> {
                outage.met(fault);
                LockSupport.parkNanos(PAUSE.toNanos());
                groups.addFirst(group);
            }
            case IN_A_REQUEST -> {
                if (group.size() == 1) {
                    LOG.warn("the database refuses a request to record: {}", FaultReport.of(fault));
                }
                bisect(groups, group, new AppendResult.Failed(fault, false));
            }
            case NOT_UNDERSTOOD -> {
                outage.met(fault);
                bisect(groups, group, new AppendResult.Failed(fault, true));
            }
        }
    }

    private void releaseCounter() {
        try {
            guard.release();
        } catch (SQLException e) {
            LOG.warn("cannot ask who holds the counter of the log: {}", e.getMessage());
        }
    }

    /** One request's fault must not fail the others: halves, until the guilty one is alone. */
    private static void bisect(Deque<List<Pending>> groups, List<Pending> group, AppendResult.Failed guilty) {
        if (group.size() == 1) {
            group.getFirst().answer().complete(guilty);
            return;
        }
        int middle = group.size() / 2;
        groups.addFirst(group.subList(middle, group.size()));
        groups.addFirst(group.subList(0, middle));
    }

    /** The connection broke while committing. Never guess: ask the database until the requests' time is up. */
    private void findOut(
            Deque<List<Pending>> groups, List<Pending> group, AppendSession.Written written, SQLException fault) {
        outage.met(fault);
        inDoubt.increment();
        dropSession();
        if (written.judgement().isEmpty()) {
            // It recorded nothing: there is nothing to look for, and judging such requests again answers the same.
            groups.addFirst(group);
            return;
        }
        while (!Thread.currentThread().isInterrupted() && !group.stream().allMatch(Pending::expired)) {
            try {
                if (session().recorded(written.judgement())) {
                    answer(group, written);
                } else {
                    groups.addFirst(group);
                }
                return;
            } catch (SQLException e) {
                outage.met(e);
                dropSession();
                if (Fault.of(e) == Fault.HELD_COUNTER) {
                    releaseCounter();
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        group.forEach(pending -> pending.answer().complete(new AppendResult.Unknown(RETRY_AFTER)));
    }

    private void answer(List<Pending> group, AppendSession.Written written) {
        transactions.increment();
        events.add(written.judgement().rows().size());
        outage.over();
        Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
        watch.advanced(written.head());
        List<Pending> putBack = new ArrayList<>();
        Iterator<Judgement.Verdict> verdicts = written.judgement().verdicts().iterator();
        for (int i = 0; i < group.size(); i++) {
            Pending pending = group.get(i);
            switch (written.standings().get(i)) {
                case HELD -> pending.answer().complete(result(verdicts.next(), written));
                case FENCED -> pending.answer().complete(new AppendResult.Fenced());
                case BUSY -> putBack.add(pending);
            }
        }
        if (putBack.size() == group.size()) {
            // Nothing else to do: without a pause this would be one empty transaction after the other.
            LockSupport.parkNanos(BUSY_PAUSE.toNanos());
        }
        queue.putBack(putBack);
        tell(group, written, took);
    }

    /** An observer that breaks must not break the appender. */
    private void tell(List<Pending> group, AppendSession.Written written, Duration took) {
        try {
            observer.committed(Appended.of(began, took, written, group));
        } catch (RuntimeException e) {
            LOG.error("an observer of the appender failed", e);
        }
    }

    private static AppendResult result(Judgement.Verdict verdict, AppendSession.Written written) {
        return switch (verdict) {
            case Judgement.Verdict.Accept accept -> new AppendResult.Done(accept.outcomes(), written.cursor());
            case Judgement.Verdict.Refuse refuse -> new AppendResult.Refused(refuse.outcomes());
        };
    }

    @Override
    public void close() {
        dropSession();
    }
}
