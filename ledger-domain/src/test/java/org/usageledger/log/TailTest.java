package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** What those who follow the log hear of what happened to it. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class TailTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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

    private Cursor append(int events) {
        UsageEvent[] batch = new UsageEvent[events];
        for (int i = 0; i < events; i++) {
            batch[i] = Events.process("p" + i, "STARTED");
        }
        return log.append(batch) instanceof AppendResult.Done done ? done.head() : new Cursor(1, 0, 0);
    }

    /** What the database says to whoever is sent to it. */
    private Page judged(News next) {
        assertThat(next).isInstanceOf(News.Behind.class);
        return log.reader.page(new Start.After(((News.Behind) next).next()), ReadFilter.ALL, 10);
    }

    /** Where a follower stands who has heard of everything. */
    private Cursor caughtUp(Tail.Follower follower) throws InterruptedException {
        Cursor at = append(10);
        Cursor before = new Cursor(at.epoch(), at.position() - 1, at.step());
        return follower.next(before, PATIENCE) instanceof News.Events events ? events.next() : at;
    }

    /** Mutant: followers who are let go because the tail was refused are not told to ask the database themselves. */
    @Test
    void a_follower_of_a_log_that_was_set_back_hears_of_it_before_anything_new_is_recorded()
            throws InterruptedException {
        try (Tail.Follower follower = tail.follow(ReadFilter.ALL).orElseThrow()) {
            Cursor at = caughtUp(follower);

            tables.lostAfter(6);

            assertThat(judged(follower.next(at, PATIENCE)))
                    .isEqualTo(new Page.Refused(new CursorRefusal.BeyondHead(at, new Cursor(1, 6, 0))));
        }
    }

    /** Mutant: whoever stands before what is in memory waits for news. */
    @Test
    void a_follower_whom_pruning_overtook_hears_of_it() throws InterruptedException {
        Cursor head = append(10);
        Cursor slow = new Cursor(1, 3, 0);
        try (Tail.Follower follower = tail.follow(ReadFilter.ALL).orElseThrow()) {
            tables.pruned(1, 8);

            assertThat(judged(follower.next(slow, PATIENCE)))
                    .isEqualTo(new Page.Refused(new CursorRefusal.Pruned(slow, 8, new Cursor(1, 3, 1))));
            assertThat(follower.next(head, Duration.ZERO)).isInstanceOf(News.Nothing.class);
        }
    }
}
