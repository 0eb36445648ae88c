package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.http.StreamObserver;
import org.usageledger.log.Cursor;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogReader;
import org.usageledger.log.News;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;
import org.usageledger.log.Tail;
import org.usageledger.postgres.testing.Await;

/** What followers are told while nobody can know whether there is more, and when their time is over. */
@Timeout(120)
class UnreadableLogTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final String AWAY = "alter table ledger_head rename to ledger_head_away";
    private static final String BACK = "alter table ledger_head_away rename to ledger_head";

    private LiveService ledger;
    private HikariDataSource pool;
    private HeadWatch watch;
    private Tail tail;
    private CatchUp catchUp;

    @BeforeEach
    void start() {
        ledger = LiveService.start();
        ledger.append(Events.started("e-1", "p-1"), Events.started("e-2", "p-2"), Events.started("e-3", "p-3"));
        HikariConfig config = new HikariConfig();
        config.setDataSource(ledger.database().dataSource());
        config.setMaximumPoolSize(8);
        pool = new HikariDataSource(config);
        watch = new HeadWatch(pool, Duration.ofMillis(20));
        LogReader log = new LogReader(pool, watch);
        tail = new Tail(log, watch);
        catchUp = new CatchUp(log);
    }

    @AfterEach
    void stop() {
        tail.close();
        watch.close();
        pool.close();
        ledger.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = ledger.database().open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private FollowedEvents stream(Duration longest) {
        FollowedLog log = new FollowedLog(
                tail, catchUp, new CallersStreams(), new FollowedEvents.Pace(OFTEN, longest), StreamObserver.NONE);
        return new FollowedEvents(log, Optional.empty(), ReadFilter.ALL, new Start.Oldest());
    }

    private void follow(TestReader reader) {
        try {
            stream(Duration.ofHours(1)).writeTo(reader.connection(Long.MAX_VALUE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestReader following() {
        TestReader reader = new TestReader();
        Thread.ofVirtual().start(() -> follow(reader));
        return reader;
    }

    private static void awaitSign(TestReader reader, String sign) {
        Await.untilTrue(DEADLINE, reader::lastSign, () -> reader.lastSign().startsWith(": " + sign));
    }

    private static void awaitEvents(TestReader reader, int events) {
        Await.untilTrue(DEADLINE, () -> reader.count() + " events", () -> reader.count() == events);
    }

    @Test
    void who_comes_while_the_log_cannot_be_read_is_kept_and_begins_when_it_can() throws SQLException {
        execute(AWAY);
        TestReader reader = following();
        awaitSign(reader, "not known since 2");
        execute(BACK);
        awaitEvents(reader, 3);

        assertThat(reader.problem()).isEmpty();
    }

    @Test
    void who_has_everything_is_not_told_that_there_is_nothing_new_while_nobody_knows() throws SQLException {
        TestReader reader = following();
        awaitSign(reader, "nothing new");
        assertThat(tail.failingSince()).isEmpty();
        execute(AWAY);
        awaitSign(reader, "not known since 2");
        assertThat(tail.failingSince()).as("for the health of the service").isPresent();
        execute(BACK);
        awaitSign(reader, "nothing new");

        assertThat(reader.count()).isEqualTo(3);
    }

    @Test
    void nor_where_whoever_would_know_is_stuck() throws SQLException {
        TestReader reader = following();
        awaitSign(reader, "nothing new");
        try (Connection connection = ledger.database().open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table ledger_head in access exclusive mode");
            Await.untilTrue(
                    DEADLINE,
                    () -> "a fault at most",
                    () -> watch.unknownSince().isPresent() && watch.fault().isEmpty());
            awaitSign(reader, "not known since 2");
            connection.rollback();
        }
        awaitSign(reader, "nothing new");
    }

    @Test
    void a_log_that_nobody_follows_is_not_missed() throws Exception {
        try (Tail.Follower follower = tail.follow(ReadFilter.ALL).orElseThrow()) {
            execute(AWAY);
            Await.untilTrue(
                    DEADLINE, () -> "no fault yet", () -> tail.failingSince().isPresent());
            assertThat(follower.next(new Cursor(1, 3, 0), Duration.ZERO)).isNotInstanceOf(News.Closed.class);
        }

        assertThat(tail.failingSince()).isEmpty();
        execute(BACK);
    }

    @Test
    void who_is_behind_and_has_to_wait_for_others_is_told_so() throws SQLException {
        try (Connection connection = ledger.database().open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table usage_event in access exclusive mode");
            for (int i = 0; i < CatchUp.AT_A_TIME; i++) {
                following();
            }
            Await.untilTrue(DEADLINE, () -> "turns left", () -> !catchUp.hasTurns());
            TestReader reader = following();
            awaitSign(reader, "more follows");
            connection.rollback();
            awaitEvents(reader, 3);
        }
    }

    @Test
    void a_reader_whose_time_is_over_is_sent_no_more_of_what_was_read_for_it() throws IOException {
        Duration longest = Duration.ofSeconds(5);
        long over = System.nanoTime() + longest.toNanos();
        StringBuilder taken = new StringBuilder();
        OutputStream trickle = new OutputStream() {
            @Override
            public void write(int b) {
                taken.append((char) b);
                if (taken.toString().endsWith("id: 1-1-0\n")) {
                    Await.untilTrue(DEADLINE, () -> "its time is not over", () -> System.nanoTime() - over > 0);
                }
            }
        };

        stream(longest).writeTo(trickle);

        assertThat(taken.toString()).contains("id: 1-1-0").doesNotContain("id: 1-2-0");
    }

    @Test
    void streams_that_began_together_do_not_end_together() {
        FollowedEvents.Pace pace = FollowedEvents.Pace.USUAL;
        Set<Duration> lengths = Stream.generate(pace::lasting).limit(100).collect(Collectors.toSet());

        assertThat(lengths)
                .hasSizeGreaterThan(50)
                .allSatisfy(length -> assertThat(length).isBetween(Duration.ofMinutes(54), Duration.ofMinutes(60)));
    }
}
