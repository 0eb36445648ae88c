package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.testing.Seed;

/**
 * Many writers on three nodes with one database, while readers read. The number of events is the system property {@code
 * ledger.history.events}.
 */
@OnFreshDatabase
@SuppressWarnings("NullAway.Init")
class RacingWritersTest {
    private static final int EVENTS = Integer.getInteger("ledger.history.events", 30_000);
    private static final int WRITERS = 16;

    private final History history = new History();
    private final List<TestLog> nodes = new ArrayList<>();
    private TestDatabase database;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        new LogTables(fresh).partitionsOf(8_192);
        for (int i = 0; i < 3; i++) {
            nodes.add(new TestLog(fresh));
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(TestLog::close);
    }

    @Test
    void racing_writers_lose_nothing_record_nothing_twice_and_readers_miss_nothing() throws Exception {
        AtomicLong end = new AtomicLong(HistoryReader.NOT_YET);
        List<CompletableFuture<Void>> readers = List.of(
                HistoryReader.polling(nodes.get(0), history.reading("polls small pages"), 100, end),
                HistoryReader.polling(nodes.get(1), history.reading("polls large pages"), 5_000, end),
                HistoryReader.waiting(nodes.get(1), history.reading("waits for small pages"), 200, end),
                HistoryReader.waiting(nodes.get(2), history.reading("waits for large pages"), 5_000, end));
        long begin = System.nanoTime();
        write();
        long took = System.nanoTime() - begin;
        end.set(nodes.getFirst().reader.horizon().position());
        for (CompletableFuture<Void> reader : readers) {
            reader.get(60, TimeUnit.SECONDS);
        }
        history.ended(nodes.getFirst().everything(), RacingWriter.allStops(database));
        report(took);
        assertThat(HistoryChecker.check(history)).isEmpty();
        assertThat(history.there).hasSizeGreaterThanOrEqualTo(EVENTS);
        LogTables tables = new LogTables(database);
        assertThat(tables.computedChain()).isEqualTo(tables.storedChain());
    }

    private void write() throws Exception {
        RandomGenerator.SplittableGenerator seeds =
                new SplittableRandom(Seed.forRun().value());
        RacingWriter.Race race = new RacingWriter.Race(history, EVENTS);
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new RacingWriter(race, nodes.get(i % nodes.size()), seeds.split()).start());
        }
        for (CompletableFuture<Void> writer : writers) {
            writer.get(10, TimeUnit.MINUTES);
        }
    }

    private void report(long nanos) {
        long transactions = nodes.stream()
                .mapToLong(node -> node.appender.status().transactions())
                .sum();
        System.out.printf(
                "history: %,d events by %d writers on %d nodes in %,d ms, %,d transactions, %,d answers, %,d duplicates sent, %,d stops suppressed, %d readers, broken promises: %d%n",
                history.there.size(),
                WRITERS,
                nodes.size(),
                TimeUnit.NANOSECONDS.toMillis(nanos),
                transactions,
                history.acknowledged.size(),
                history.acknowledged.size() - history.there.size(),
                history.suppressed.size(),
                history.readings.size(),
                HistoryChecker.check(history).size());
    }
}
