package org.usageledger.api.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.usageledger.event.Origin;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.LogAppender;
import org.usageledger.log.NewEvent;

/** How far behind the head the projection of what runs stands while callers append as fast as they can. */
final class Following {
    private static final int CALLERS = 16;
    private static final int BATCH = 100;
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final String STANDINGS = """
            select
              (select head from ledger_head) as head,
              (select position from projection where name = 'running') as position
            """;

    private final LogAppender appender;
    private final Connection connection;
    private final Templates templates;
    private final AtomicLong recorded = new AtomicLong();

    Following(LogAppender appender, Connection connection, List<UsageEvent> templates) {
        this.appender = appender;
        this.connection = connection;
        this.templates = new Templates(templates);
    }

    /**
     * What was seen.
     *
     * @param lags seconds, one a look, in order
     * @param appended events while it was looked
     */
    record Seen(List<Double> lags, long appended, double seconds) {
        /** The longest lag of a part of the looks. */
        double longest(double from, double to) {
            return lags.subList((int) (from * lags.size()), (int) (to * lags.size())).stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(0);
        }
    }

    Seen watch(Duration time) throws Exception {
        AtomicBoolean going = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(() -> {
                    while (going.get()) {
                        append();
                    }
                    return null;
                }));
            }
            try {
                return look(time);
            } finally {
                going.set(false);
                for (Future<?> caller : callers) {
                    caller.get(60, TimeUnit.SECONDS);
                }
            }
        }
    }

    private void append() throws Exception {
        List<NewEvent> batch = templates.next(BATCH);
        Verification.recorded(
                appender.append(AppendRequest.of(batch, AppendRequest.OnConflict.REFUSE_REQUEST))
                        .get(60, TimeUnit.SECONDS),
                BATCH);
        recorded.addAndGet(BATCH);
    }

    /** How many events the callers were told are recorded. */
    long recorded() {
        return recorded.get();
    }

    private Seen look(Duration time) throws SQLException, InterruptedException {
        Deque<Head> heads = new ArrayDeque<>();
        List<Double> lags = new ArrayList<>();
        long began = System.nanoTime();
        long first = appender.status().events();
        CountDownLatch never = new CountDownLatch(1);
        while (System.nanoTime() - began < time.toNanos()) {
            lags.add(lag(heads) / 1e9);
            if (never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Seen(lags, appender.status().events() - first, seconds);
    }

    private record Head(long nanos, long position) {}

    /** How long ago the head left the place where the projection stands now. */
    private long lag(Deque<Head> heads) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STANDINGS);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long now = System.nanoTime();
            long position = row.getLong("position");
            heads.addLast(new Head(now, row.getLong("head")));
            while (!heads.isEmpty() && heads.getFirst().position() <= position) {
                heads.removeFirst();
            }
            return heads.isEmpty() ? 0 : now - heads.getFirst().nanos();
        }
    }

    /** Decoded once, sent again and again under new guids: making up the events must not be what holds up the append. */
    private static final class Templates {
        private final List<UsageEvent> templates;
        private int next;

        Templates(List<UsageEvent> templates) {
            this.templates = templates;
        }

        List<NewEvent> next(int count) {
            List<UsageEvent> chosen = choose(count);
            return chosen.stream()
                    .map(event -> NewEvent.of(Usage.again(event), Origin.PLATFORM))
                    .toList();
        }

        private synchronized List<UsageEvent> choose(int count) {
            if (next + count > templates.size()) {
                next = 0;
            }
            List<UsageEvent> chosen = templates.subList(next, next + count);
            next += count;
            return chosen;
        }
    }
}
