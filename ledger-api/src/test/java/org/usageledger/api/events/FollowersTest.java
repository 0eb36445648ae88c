package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.http.StreamObserver;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.log.Cursor;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogReader;
import org.usageledger.log.Page;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;
import org.usageledger.log.Tail;
import org.usageledger.postgres.testing.Await;

/** Many who follow one tail, with what it costs the database, and what each of them gets whatever happens to its connection. */
class FollowersTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final FollowedEvents.Pace OFTEN =
            new FollowedEvents.Pace(Duration.ofMillis(200), Duration.ofHours(1));
    private static final ReadFilter SERVICES = new ReadFilter(EventKind.SERVICE, true);
    private static final ReadFilter NO_BASELINES = new ReadFilter(null, false);

    private LiveService ledger;
    private HikariDataSource pool;
    private CountingDatabase database;
    private HeadWatch watch;
    private LogReader log;
    private Tail tail;
    private FollowedLog followed;
    private final AtomicBoolean stopped = new AtomicBoolean();

    @BeforeEach
    void start() {
        ledger = LiveService.start();
        HikariConfig config = new HikariConfig();
        config.setDataSource(ledger.database().dataSource());
        config.setMaximumPoolSize(4);
        pool = new HikariDataSource(config);
        database = new CountingDatabase(pool);
        watch = new HeadWatch(pool, Duration.ofMillis(20));
        log = new LogReader(database, watch);
        tail = new Tail(log, watch);
        followed = new FollowedLog(tail, new CatchUp(log), new CallersStreams(), OFTEN, StreamObserver.NONE);
    }

    @AfterEach
    void stop() {
        stopped.set(true);
        tail.close();
        watch.close();
        pool.close();
        ledger.close();
    }

    /** Follows over one connection, to its end. */
    private void follow(TestReader reader, ReadFilter filter, Start start, long bytesUntilLoss) throws IOException {
        new FollowedEvents(followed, Optional.empty(), filter, start).writeTo(reader.connection(bytesUntilLoss));
    }

    private TestReader following(ReadFilter filter) {
        TestReader reader = new TestReader();
        Thread.ofVirtual().start(() -> {
            try {
                follow(reader, filter, new Start.Oldest(), Long.MAX_VALUE);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return reader;
    }

    private List<TestReader> following(int readers, ReadFilter filter) {
        List<TestReader> all = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            all.add(following(filter));
        }
        Await.untilTrue(
                DEADLINE,
                () -> all.stream().filter(each -> each.signsOfLife() > 0).count() + " follow",
                () -> all.stream().allMatch(each -> each.signsOfLife() > 0));
        return all;
    }

    private static void awaitAll(List<TestReader> readers, int events) {
        Await.untilTrue(
                DEADLINE,
                () -> readers.stream().filter(each -> each.count() >= events).count() + " of " + readers.size()
                        + " have got " + events,
                () -> readers.stream().allMatch(each -> each.count() >= events));
    }

    private void append(int from, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            lines.append(event(i)).append('\n');
        }
        assertThat(ledger.post(
                                "/v1/events",
                                "application/x-ndjson",
                                bytes(lines.toString()),
                                "Prefer",
                                "return=minimal")
                        .status())
                .isEqualTo(200);
    }

    /** Of ten events one is of a service, one a baseline. */
    private static String event(int number) {
        return switch (number % 10) {
            case 3 -> Events.service("s-" + number, "i-" + number, "CREATED");
            case 7 -> Events.process("b-" + number, "p-" + number, "WAS_RUNNING", 1);
            default -> Events.started("e-" + number, "p-" + number);
        };
    }

    /** The positions that pass a filter, as pages say. */
    private List<Long> expected(ReadFilter filter) {
        List<Long> positions = new ArrayList<>();
        Cursor at = new Cursor(1, 0, 0);
        while (true) {
            Page.Events page = (Page.Events) log.page(new Start.After(at), filter, 5000);
            page.events().forEach(event -> positions.add(event.position()));
            at = page.next();
            if (at.position() >= page.horizon().position()) {
                return positions;
            }
        }
    }

    @Nested
    class A_thousand_idle_followers {
        @Test
        void cost_no_query_while_nothing_comes_and_one_read_for_all_when_something_does() {
            append(1, 20);
            List<TestReader> readers = following(1_000, ReadFilter.ALL);
            awaitAll(readers, 20);
            long before = database.reads();
            int signs = readers.stream().mapToInt(TestReader::signsOfLife).sum();
            Await.untilTrue(
                    DEADLINE,
                    () -> "signs of life",
                    () -> readers.stream().mapToInt(TestReader::signsOfLife).sum() >= signs + 3_000);
            assertThat(database.reads()).as("reads while idle").isEqualTo(before);

            for (int advance = 0; advance < 5; advance++) {
                append(21 + advance, 1);
                awaitAll(readers, 21 + advance);
            }

            assertThat(database.reads() - before).as("reads for five advances").isBetween(1L, 10L);
            List<Long> all = LongStream.rangeClosed(1, 25).boxed().toList();
            assertThat(readers).allSatisfy(each -> assertThat(each.positions()).isEqualTo(all));
        }

        @Test
        void whose_filter_passes_nothing_of_what_comes_cost_none_however_much_comes() {
            append(1, 20);
            List<TestReader> readers = following(100, SERVICES);
            awaitAll(readers, 2);
            long before = database.reads();
            for (int i = 0; i < 6; i++) {
                appendProcesses(10_000 + i * 1_000, 1_000);
            }
            Await.untilTrue(
                    DEADLINE,
                    () -> "cursors past what was filtered",
                    () -> readers.stream()
                            .allMatch(each -> String.valueOf(each.lastId()).startsWith("1-6020-")));

            assertThat(database.reads() - before).as("reads of the tail alone").isLessThan(20);
        }

        private void appendProcesses(int from, int count) {
            StringBuilder lines = new StringBuilder();
            for (int i = from; i < from + count; i++) {
                lines.append(Events.started("x-" + i, "x-" + i)).append('\n');
            }
            ledger.post("/v1/events", "application/x-ndjson", bytes(lines.toString()), "Prefer", "return=minimal");
        }
    }

    @Nested
    class A_follower {
        @Test
        void who_takes_nothing_for_a_while_misses_nothing_and_holds_up_nobody() {
            TestReader slow = following(ReadFilter.ALL);
            TestReader rare = following(SERVICES);
            List<TestReader> others = following(5, ReadFilter.ALL);
            slow.stall();
            rare.stall();
            for (int i = 0; i < 12; i++) {
                append(1 + i * 1_000, 1_000);
            }
            awaitAll(others, 12_000);
            slow.goOn();
            rare.goOn();
            awaitAll(List.of(slow), 12_000);
            awaitAll(List.of(rare), 1_200);

            assertThat(slow.positions()).isEqualTo(expected(ReadFilter.ALL));
            assertThat(rare.positions()).isEqualTo(expected(SERVICES));
        }

        @Test
        void sees_every_event_once_in_order_however_often_its_connection_breaks() {
            long seed = Long.getLong("ledger.seed", System.nanoTime());
            List<ReadFilter> filters = List.of(ReadFilter.ALL, SERVICES, NO_BASELINES);
            List<TestReader> readers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                TestReader reader = new TestReader();
                readers.add(reader);
                Random random = new Random(seed + i);
                ReadFilter filter = filters.get(i % filters.size());
                Thread.ofVirtual().start(() -> followOverBadConnections(reader, filter, random));
            }
            Random random = new Random(seed);
            int sent = 0;
            while (sent < 9_000) {
                int count = random.nextInt(1, 700);
                append(sent + 1, count);
                sent += count;
            }

            for (int i = 0; i < readers.size(); i++) {
                List<Long> expected = expected(filters.get(i % filters.size()));
                awaitAll(List.of(readers.get(i)), expected.size());
                assertThat(readers.get(i).positions())
                        .as("reader " + i + ", seed " + seed)
                        .isEqualTo(expected);
            }
        }

        private void followOverBadConnections(TestReader reader, ReadFilter filter, Random random) {
            while (!stopped.get()) {
                Start start = reader.lastId() == null
                        ? new Start.Oldest()
                        : new Start.After(Cursor.parse(reader.lastId()).orElseThrow());
                try {
                    follow(reader, filter, start, random.nextInt(200, 400_000));
                } catch (IOException _) {
                    // Connects again with the last id that arrived whole.
                }
            }
        }

        @Test
        void whose_history_is_lost_is_told_so_and_sent_away() throws SQLException {
            append(1, 50);
            List<TestReader> readers = following(20, ReadFilter.ALL);
            awaitAll(readers, 50);
            LostHistory.after(ledger, 30);
            append(1_000, 1);

            Await.untilTrue(
                    DEADLINE,
                    () -> "problems",
                    () -> readers.stream().noneMatch(each -> each.problem().isEmpty()));
            assertThat(readers)
                    .allSatisfy(each -> assertThat(each.problem()).contains("urn:usage-ledger:problem:cursor-forked"));
        }
    }
}
