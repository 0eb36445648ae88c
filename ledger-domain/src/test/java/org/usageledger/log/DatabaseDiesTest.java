package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.Migrations;
import org.usageledger.postgres.PostgresUnavailable;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.PrivateServer;
import org.usageledger.postgres.testing.ServerVersion;
import org.usageledger.postgres.testing.Signals;

/** PostgreSQL is killed, stays away, or stands still: answers are true, or come in time to say that the truth is not known. */
@SuppressWarnings("NullAway.Init")
class DatabaseDiesTest {
    private static final AppenderLimits LIMITS =
            new AppenderLimits(100_000, 128L << 20, 5_000, 16L << 20, Duration.ofSeconds(2), Duration.ofMillis(500));
    private static final int WRITERS = 4;

    private final History history = new History();
    private final List<List<UsageEvent>> unanswered = new ArrayList<>();
    private PrivateServer server;
    private TestLog log;

    @BeforeEach
    void open() {
        server = PrivateServer.start(ServerVersion.NEWEST);
        Migrations.migrate(server.address());
        log = new TestLog(server.address(), LIMITS);
    }

    @AfterEach
    void close() {
        log.close();
        server.close();
    }

    /** The killed server's last sessions may still be there for a moment. */
    private void restart() {
        Await.until(TestLog.PATIENCE, () -> {
            try {
                server.restart();
                return new Await.Seen.Ready<>(Boolean.TRUE);
            } catch (PostgresUnavailable e) {
                return new Await.Seen.NotYet<>(String.valueOf(e.getMessage()));
            }
        });
    }

    private boolean append(List<UsageEvent> batch) {
        history.attempts(batch);
        AppendResult result = log.append(batch.toArray(UsageEvent[]::new));
        history.answered(batch, result);
        return result instanceof AppendResult.Done;
    }

    private void writeUntil(AtomicBoolean stop, AtomicInteger done) {
        while (!stop.get()) {
            List<UsageEvent> batch = List.of(
                    Events.process("p1", "STARTED"),
                    Events.process("p2", "STARTED"),
                    Events.task("t" + done.get(), "TASK_STOPPED"));
            if (append(batch)) {
                done.incrementAndGet();
            } else {
                synchronized (unanswered) {
                    unanswered.add(batch);
                }
            }
        }
    }

    @Test
    void killed_under_load_and_started_again_it_has_every_acknowledged_event_once() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(CompletableFuture.runAsync(
                    () -> writeUntil(stop, done), task -> Thread.ofVirtual().start(task)));
        }
        for (int round = 1; round <= 2; round++) {
            int until = done.get() + 50;
            Await.untilTrue(TestLog.PATIENCE, () -> done.get() + " appends", () -> done.get() > until);
            server.kill9();
            restart();
        }
        int until = done.get() + 10;
        Await.untilTrue(TestLog.PATIENCE, () -> done.get() + " appends", () -> done.get() > until);
        stop.set(true);
        for (CompletableFuture<Void> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }
        for (List<UsageEvent> batch : unanswered) {
            assertThat(append(batch)).as("tried again with the same guids").isTrue();
        }
        history.reading("reader").saw(log.everything());
        history.ended(
                log.everything(),
                new SuppressedStops(server.address().dataSource())
                        .list(0, 5_000)
                        .stops());
        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    @Test
    void while_it_is_away_callers_are_told_in_time_and_when_it_is_back_they_go_on() throws Exception {
        append(List.of(Events.process("p1", "STARTED")));
        server.kill9();
        UsageEvent event = Events.process("p2", "STARTED");
        assertThat(toldInTime(event))
                .as("an outage is no overload")
                .isInstanceOfSatisfying(
                        AppendResult.Failed.class,
                        failed -> assertThat(failed.retryable()).isTrue());
        restart();
        Await.untilTrue(TestLog.PATIENCE, () -> log.appender.status().lastFault(), () -> append(List.of(event)));
        assertThat(log.everything()).hasSize(2);
    }

    @Test
    void while_it_stands_still_callers_are_told_in_time_and_when_it_moves_they_go_on() throws Exception {
        append(List.of(Events.process("p1", "STARTED")));
        UsageEvent event = Events.process("p2", "STARTED");
        long backend = new LogTables(server.address()).appenderPids().getFirst();
        try (Signals.Frozen postmaster = Signals.freeze(server.pid());
                Signals.Frozen session = Signals.freeze(backend)) {
            assertThat(postmaster.pid()).isNotEqualTo(session.pid());
            assertThat(toldInTime(event)).isNotInstanceOf(AppendResult.Done.class);
        }
        Await.untilTrue(TestLog.PATIENCE, () -> log.appender.status().lastFault(), () -> append(List.of(event)));
        assertThat(log.everything()).hasSize(2);
    }

    /** Twice the deadline is what the appender promises at most. */
    private AppendResult toldInTime(UsageEvent event) throws Exception {
        return log.appender.append(TestLog.request(event)).get(10, TimeUnit.SECONDS);
    }
}
