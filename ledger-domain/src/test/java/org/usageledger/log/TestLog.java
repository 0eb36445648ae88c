package org.usageledger.log;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.postgresql.ds.PGPoolingDataSource;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.Effect;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.testing.TestDatabase;

/** One node's log on a test's database. */
public final class TestLog implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Readers and the watch ask often; the driver's own pool is good enough for them here. */
    @SuppressWarnings("deprecation")
    private final PGPoolingDataSource connections;

    public final HeadWatch watch;
    public final LogAppender appender;
    public final LogReader reader;
    /** Serves what the other one refuses. */
    final LogReader trusting;

    public final ResourceReader resources;

    public TestLog(TestDatabase database) {
        this(database, AppenderLimits.DEFAULT);
    }

    TestLog(TestDatabase database, AppenderLimits limits) {
        this(database, limits, () -> AppendSession.open(database.dataSource(), limits, ""));
    }

    TestLog(TestDatabase database, AppenderLimits limits, LogAppender.Sessions sessions) {
        this(database.address(), limits, sessions);
    }

    TestLog(DatabaseAddress address, AppenderLimits limits, LogAppender.Sessions sessions) {
        connections = pool(address);
        watch = new HeadWatch(connections, Duration.ofMillis(20));
        appender = new LogAppender(address.dataSource(), watch, limits, sessions, AppendObserver.NONE);
        reader = new LogReader(connections, watch);
        trusting = new LogReader(connections, watch, false);
        resources = new ResourceReader(connections, watch);
    }

    @SuppressWarnings("deprecation")
    private static PGPoolingDataSource pool(DatabaseAddress address) {
        PGPoolingDataSource pool = new PGPoolingDataSource();
        pool.setDataSourceName("test-" + UUID.randomUUID());
        pool.setUrl(address.url());
        pool.setUser(address.user());
        pool.setPassword(address.password());
        pool.setMaxConnections(8);
        return pool;
    }

    TestLog(DatabaseAddress address, AppenderLimits limits) {
        this(address, limits, () -> AppendSession.open(address.dataSource(), limits, ""));
    }

    /** A log whose appender hangs in the middle of a commit, and gives up its callers soon. */
    public static TestLog hangingInCommit(TestDatabase database, CountDownLatch until) {
        AppenderLimits impatient =
                new AppenderLimits(1_000, 1L << 20, 1_000, 1L << 20, Duration.ofMillis(300), Duration.ofMillis(300));
        return new TestLog(
                database,
                impatient,
                () ->
                        new AppendSession(
                                AppendSession.connect(database.dataSource(), AppenderLimits.DEFAULT),
                                Judge::inQueueOrder) {
                            @Override
                            boolean commit() throws SQLException {
                                boolean committed = super.commit();
                                await(until);
                                return committed;
                            }
                        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static NewEvent encode(UsageEvent event) {
        boolean taskStop = event.effect() == Effect.ENDS
                && event.resource().filter(r -> r.kind() == ResourceKind.TASK).isPresent();
        return taskStop ? NewEvent.onlyIntoOpenRun(event, Origin.PLATFORM) : NewEvent.of(event, Origin.PLATFORM);
    }

    static AppendRequest request(UsageEvent... events) {
        return AppendRequest.of(
                Stream.of(events).map(TestLog::encode).toList(), AppendRequest.OnConflict.REFUSE_REQUEST);
    }

    public AppendResult append(AppendRequest request) {
        try {
            return appender.append(request).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer from the appender", e);
        }
    }

    public AppendResult append(UsageEvent... events) {
        return append(request(events));
    }

    /** The outcomes of a request that must go through. */
    public List<Outcome> outcomes(UsageEvent... events) {
        return outcomes(append(events));
    }

    public static List<Outcome> outcomes(AppendResult result) {
        if (result instanceof AppendResult.Done done) {
            return done.outcomes();
        }
        throw new AssertionError("not done: " + result);
    }

    /** Everything from the first event on. */
    public List<LoggedEvent> everything() {
        return everything(reader);
    }

    static List<LoggedEvent> everything(LogReader reader) {
        List<LoggedEvent> all = new ArrayList<>();
        Start start = new Start.Oldest();
        while (true) {
            if (!(reader.page(start, ReadFilter.ALL, LogReader.MAX_LIMIT) instanceof Page.Events page)) {
                throw new AssertionError("refused");
            }
            all.addAll(page.events());
            if (page.next().position() >= page.horizon().position()) {
                return all;
            }
            start = new Start.After(page.next());
        }
    }

    @Override
    @SuppressWarnings("deprecation")
    public void close() {
        appender.close();
        watch.close();
        connections.close();
    }
}
