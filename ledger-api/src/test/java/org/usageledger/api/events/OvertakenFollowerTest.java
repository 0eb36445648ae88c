package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.http.StreamObserver;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogReader;
import org.usageledger.log.ReadFilter;
import org.usageledger.log.Start;
import org.usageledger.log.Tail;
import org.usageledger.postgres.testing.Await;

/** A stream whose reader is slower than retention. */
@Timeout(180)
class OvertakenFollowerTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final FollowedEvents.Pace OFTEN =
            new FollowedEvents.Pace(Duration.ofMillis(200), Duration.ofHours(1));

    /** More than what a service keeps in memory for those who follow. */
    private static final int EVENTS = 8_000;

    private static final int PRUNED_UP_TO = 7_000;

    private static final String PRUNE = """
            with step as (
              insert into retention_step (step, deleted_up_to)
              values (1, ?)
              returning step, deleted_up_to
            ), gone as (
              delete from usage_event e
              using step s
              where e.position <= s.deleted_up_to
            )
            update ledger_head h
            set
              retention_step = s.step,
              pruned_up_to = s.deleted_up_to
            from step s
            """;

    private LiveService ledger;
    private HikariDataSource pool;
    private HeadWatch watch;
    private LogReader log;
    private Tail tail;

    @BeforeEach
    void start() {
        ledger = LiveService.start();
        HikariConfig config = new HikariConfig();
        config.setDataSource(ledger.database().dataSource());
        config.setMaximumPoolSize(4);
        pool = new HikariDataSource(config);
        watch = new HeadWatch(pool, Duration.ofMillis(20));
        log = new LogReader(pool, watch);
        tail = new Tail(log, watch);
    }

    @AfterEach
    void stop() {
        tail.close();
        watch.close();
        pool.close();
        ledger.close();
    }

    private void append(int from, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            lines.append(Events.started("e-" + i, "p-" + i)).append('\n');
        }
        assertThat(ledger.post("/v1/events", "application/x-ndjson", bytes(lines.toString()))
                        .status())
                .isEqualTo(200);
    }

    private void prune() throws SQLException {
        try (Connection connection = ledger.database().open();
                PreparedStatement statement = connection.prepareStatement(PRUNE)) {
            statement.setLong(1, PRUNED_UP_TO);
            statement.executeUpdate();
        }
    }

    private Thread follow(TestReader reader) {
        return Thread.ofVirtual().start(() -> {
            FollowedLog followed =
                    new FollowedLog(tail, new CatchUp(log), new CallersStreams(), OFTEN, StreamObserver.NONE);
            FollowedEvents stream = new FollowedEvents(followed, Optional.empty(), ReadFilter.ALL, new Start.Oldest());
            try {
                stream.writeTo(reader.connection(Long.MAX_VALUE));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                stream.close();
            }
        });
    }

    /** Mutants: the refusal of a page passed over, or taken for an end of the stream without a word. */
    @Test
    void is_told_what_its_reader_misses_and_ends() throws Exception {
        TestReader reader = new TestReader();
        append(1, 10);
        Thread stream = follow(reader);
        Await.untilTrue(DEADLINE, () -> reader.count() + " events", () -> reader.count() == 10);
        reader.stall();
        append(11, EVENTS - 10);
        Await.untilTrue(DEADLINE, () -> "head " + watch.head(), () -> watch.head() == EVENTS);
        prune();
        reader.goOn();

        assertThat(stream.join(DEADLINE)).as("ended").isTrue();
        assertThat(reader.problem())
                .contains("urn:usage-ledger:problem:cursor-pruned")
                .contains("\"up_to\":" + PRUNED_UP_TO)
                .contains("\"go_on_with\":\"1-" + reader.count() + "-1\"");
        assertThat(reader.positions())
                .as("nothing left out before")
                .isEqualTo(LongStream.rangeClosed(1, reader.count()).boxed().toList());
        assertThat(tail.followers()).isZero();
    }
}
