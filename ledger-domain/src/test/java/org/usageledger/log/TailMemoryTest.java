package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** What is kept in memory for those who follow. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
@Timeout(90)
class TailMemoryTest {
    private TestLog log;
    private LogTables tables;
    private Tail tail;

    @BeforeEach
    void open(TestDatabase database) {
        log = new TestLog(database);
        tables = new LogTables(database);
        tail = new Tail(log.reader, log.watch);
    }

    @AfterEach
    void close() {
        tail.close();
        log.close();
    }

    private void append(int events) {
        UsageEvent[] batch = new UsageEvent[events];
        for (int i = 0; i < events; i++) {
            batch[i] = Events.process("p" + i, "STARTED");
        }
        TestLog.outcomes(log.append(batch));
    }

    private static Cursor at(long position, long step) {
        return new Cursor(1, position, step);
    }

    /** Takes what comes until it stands at a position; the cursor that it could keep with each event. */
    private List<Cursor> takeUpTo(long position, Tail.Follower follower, Cursor from) throws InterruptedException {
        List<Cursor> kept = new ArrayList<>();
        Cursor at = from;
        while (at.position() < position) {
            at = switch (follower.next(at, Duration.ofSeconds(30))) {
                case News.Events events -> {
                    events.events().forEach(event -> kept.add(events.at(event)));
                    yield events.next();
                }
                case News.Nothing nothing -> nothing.next();
                case News.Behind behind -> read(behind.next(), kept);
                case News.Closed _ -> throw new AssertionError("the tail is closed");
            };
        }
        return kept;
    }

    private Cursor read(Cursor from, List<Cursor> kept) {
        Page.Events page = (Page.Events) log.reader.page(new Start.After(from), ReadFilter.ALL, 100);
        page.events()
                .forEach(event -> kept.add(new Cursor(
                        page.next().epoch(), event.position(), page.next().step())));
        return page.next();
    }

    @Nested
    class What_is_kept_in_memory_but_pruned_in_the_database {
        @Test
        void is_handed_out_with_cursors_that_are_told_of_the_loss_where_their_holder_has_not_seen_all_of_it()
                throws InterruptedException {
            Tail.Follower quick = tail.follow(ReadFilter.ALL).orElseThrow();
            Tail.Follower slow = tail.follow(ReadFilter.ALL).orElseThrow();
            append(1);
            takeUpTo(1, quick, at(0, 0));
            Cursor slowAt = takeUpTo(1, slow, at(0, 0)).getLast();
            append(9);
            takeUpTo(10, quick, at(1, 0));
            tables.pruned(1, 8);
            append(2);
            takeUpTo(12, quick, at(10, 0));

            List<Cursor> kept = takeUpTo(12, slow, slowAt);

            assertThat(kept.stream().map(Cursor::position))
                    .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
            assertThat(kept.getLast()).isEqualTo(at(12, 1));
            for (Cursor cursor : kept) {
                boolean lacks = cursor.position() < 8;
                assertThat(log.reader.check(cursor))
                        .as("coming back with " + cursor)
                        .isEqualTo(
                                lacks
                                        ? Optional.of(new CursorRefusal.Pruned(cursor, 8, at(cursor.position(), 1)))
                                        : Optional.empty());
            }
        }
    }
}
