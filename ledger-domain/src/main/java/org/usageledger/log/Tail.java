package org.usageledger.log;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest events in memory, read once for all who follow the log: when the head moves, one page is read for them together, and none
 * while it rests. Who is further behind than what is kept, or came from elsewhere, asks the database and comes back.
 */
public final class Tail implements AutoCloseable {
    /** Each holds a connection, a virtual thread and the few events that are being written to it. */
    public static final int MOST_FOLLOWERS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    private static final int READ_EVENTS = 1_000;

    /** Between two tries to read the log where it cannot be read. */
    private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);

    private final LogReader reader;
    private final HeadWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Map<ReadFilter, Condition> news = new HashMap<>();
    private final AutoCloseable bell;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Stretch stretch;
    private final AtomicInteger followers = new AtomicInteger();
    private long history;
    private boolean rung;
    private boolean closed;
    private volatile @Nullable Instant failingSince;

    /** Reads by itself, with a connection of its own: no reader's haste must keep the others waiting. */
    public Tail(LogReader reader, HeadWatch watch) {
        this.reader = reader;
        this.watch = watch;
        ReadFilter.all().forEach(filter -> news.put(filter, lock.newCondition()));
        bell = watch.onAdvance(this::ring);
        thread = Thread.ofVirtual().name("ledger-tail").start(this::run);
    }

    /** One more who follows; empty if there are {@value #MOST_FOLLOWERS} already. To be called before its first cursor is judged. */
    public Optional<Follower> follow(ReadFilter filter) {
        lock.lock();
        try {
            if (followers.get() == MOST_FOLLOWERS) {
                return Optional.empty();
            }
            followers.incrementAndGet();
            work.signalAll();
            return Optional.of(new Follower(filter));
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody else may follow now. */
    public boolean isFull() {
        return followers.get() >= MOST_FOLLOWERS;
    }

    /** Waits so long at most; whether the service stops, and with it whoever follows. */
    public boolean endsWithin(Duration wait) throws InterruptedException {
        return ended.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** How many follow. */
    public int followers() {
        return followers.get();
    }

    /** Since when those who follow cannot be told what is new; empty if they can, or if nobody follows. */
    public Optional<Instant> failingSince() {
        if (followers.get() == 0) {
            return Optional.empty();
        }
        return Stream.of(Optional.ofNullable(failingSince), watch.unknownSince())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** One who follows, used by one thread. */
    public final class Follower implements AutoCloseable {
        private final ReadFilter filter;
        private long judged = history;
        private boolean gone;

        private Follower(ReadFilter filter) {
            this.filter = filter;
        }

        /** What comes after a cursor that this follower got here or from a page, waiting at most so long for it. */
        public News next(Cursor from, Duration patience) throws InterruptedException {
            Cursor at = from;
            long left = patience.toNanos();
            lock.lockInterruptibly();
            try {
                while (!closed) {
                    News now = now(at);
                    if (!(now instanceof News.Nothing nothing) || left <= 0) {
                        return now;
                    }
                    at = nothing.next();
                    left = newsFor(filter).awaitNanos(left);
                }
                return new News.Closed();
            } finally {
                lock.unlock();
            }
        }

        private News now(Cursor at) {
            Stretch known = stretch;
            if (judged != history || (known != null && known.hasLost(at, filter))) {
                judged = history;
                return new News.Behind(at);
            }
            Stretch.Slice slice = known == null ? new Stretch.Slice(List.of(), at) : known.after(at, filter);
            return slice.events().isEmpty()
                    ? new News.Nothing(slice.next())
                    : new News.Events(slice.events(), at.step(), slice.next());
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!gone) {
                    gone = true;
                    followers.decrementAndGet();
                    if (followers.get() == 0) {
                        stretch = null;
                        failingSince = null;
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private Condition newsFor(ReadFilter filter) {
        Condition condition = news.get(filter);
        if (condition == null) {
            throw new IllegalStateException("there is no filter " + filter);
        }
        return condition;
    }

    private void ring() {
        lock.lock();
        try {
            rung = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                read();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** False once there will be none. */
    private boolean awaitWork() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && (followers.get() == 0 || (stretch != null && !rung))) {
                work.await();
            }
            rung = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void read() throws InterruptedException {
        Stretch known = stretch;
        try {
            take(reader.page(
                    known == null ? new Start.Newest() : new Start.After(known.end()), ReadFilter.ALL, READ_EVENTS));
            failingSince = null;
        } catch (RuntimeException e) {
            failed(e);
            pause();
        }
    }

    private void failed(RuntimeException fault) {
        lock.lock();
        try {
            if (failingSince == null && followers.get() > 0) {
                LOG.warn("the events that followers wait for cannot be read: {}", fault.getMessage());
                failingSince = Clock.systemUTC().instant();
            }
        } finally {
            lock.unlock();
        }
    }

    private void take(Page page) {
        lock.lock();
        try {
            if (followers.get() == 0) {
                return;
            }
            switch (page) {
                case Page.Events events -> grow(events);
                case Page.Refused _ -> {
                    // What followers hold is of the same history: each is to hear from the database what became of it.
                    stretch = null;
                    history++;
                    news.values().forEach(Condition::signalAll);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void grow(Page.Events page) {
        Stretch before = stretch;
        stretch = before == null ? Stretch.from(page.next()) : before.grow(page);
        rung |= page.next().position() < page.horizon().position();
        boolean anew = before == null || before.end().epoch() != page.next().epoch();
        news.forEach((filter, condition) -> {
            if (anew || page.events().stream().anyMatch(filter::passes)) {
                condition.signalAll();
            }
        });
    }

    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = PAUSE_AFTER_FAULT.toNanos();
            while (!closed && left > 0) {
                left = work.awaitNanos(left);
            }
            rung = true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets all followers go. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ended.countDown();
            work.signalAll();
            news.values().forEach(Condition::signalAll);
        } finally {
            lock.unlock();
        }
        silence();
    }

    private void silence() {
        try {
            bell.close();
            thread.join(Duration.ofNanos(TimeUnit.SECONDS.toNanos(5)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the bell of the tail cannot be silenced", e);
        }
    }
}
