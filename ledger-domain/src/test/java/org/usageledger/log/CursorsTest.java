package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** Each thing that can be wrong with a cursor has an answer of its own, and none is an empty page or a silent skip. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class CursorsTest {
    private TestLog log;
    private LogTables tables;

    @BeforeEach
    void open(TestDatabase database) {
        log = new TestLog(database);
        tables = new LogTables(database);
        append(10);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private Cursor append(int events) {
        UsageEvent[] batch = new UsageEvent[events];
        for (int i = 0; i < events; i++) {
            batch[i] = Events.process("p" + i, "STARTED");
        }
        return log.append(batch) instanceof AppendResult.Done done ? done.head() : new Cursor(1, 0, 0);
    }

    private Page read(Cursor cursor) {
        return log.reader.page(new Start.After(cursor), ReadFilter.ALL, 100);
    }

    private static List<Long> positions(Page page) {
        return page instanceof Page.Events events
                ? events.events().stream().map(LoggedEvent::position).toList()
                : List.of(-1L);
    }

    private static Cursor at(int epoch, long position, long step) {
        return new Cursor(epoch, position, step);
    }

    private void refused(Cursor cursor, CursorRefusal why) {
        assertThat(read(cursor)).isEqualTo(new Page.Refused(why));
        assertThat(log.reader.check(cursor)).contains(why);
        assertThat(log.reader.open(new Start.After(cursor), ReadFilter.ALL))
                .isEqualTo(new LogReader.Opened.Refused(why));
    }

    @Nested
    class beyond_the_head {
        @Test
        void a_position_not_yet_given_is_an_error_but_the_head_itself_is_the_end() {
            assertThat(positions(read(at(1, 10, 0)))).isEmpty();
            refused(at(1, 11, 0), new CursorRefusal.BeyondHead(at(1, 11, 0), at(1, 10, 0)));
        }

        @Test
        void an_unknown_epoch_is_an_error_whatever_its_position() {
            refused(at(2, 3, 0), new CursorRefusal.BeyondHead(at(2, 3, 0), at(1, 10, 0)));
        }

        @Test
        void a_step_not_yet_taken_is_an_error() {
            refused(at(1, 3, 1), new CursorRefusal.BeyondHead(at(1, 3, 1), at(1, 10, 0)));
        }
    }

    @Nested
    class after_a_restore {
        @Test
        void the_next_append_raises_the_epoch_with_the_fork_at_the_head() {
            tables.writtenByAnotherDatabase();
            assertThat(append(2)).isEqualTo(at(2, 12, 0));
            assertThat(append(1)).isEqualTo(at(2, 13, 0));
        }

        @Test
        void a_condition_that_rests_on_what_was_lost_fails() {
            tables.lostAfter(6);
            assertThat(conditioned(at(1, 7, 0))).isEqualTo(new Outcome.ConditionFailed(0));
            assertThat(conditioned(at(1, 6, 0))).isInstanceOf(Outcome.Recorded.class);
        }

        private Outcome conditioned(Cursor seen) {
            UsageEvent event = Events.process("nobody-knows", "STARTED");
            Condition condition = new Condition(event.resource().orElseThrow(), seen);
            AppendRequest request = new AppendRequest(
                    List.of(TestLog.encode(event)),
                    AppendRequest.OnConflict.SKIP_EVENT,
                    List.of(condition),
                    Optional.empty());
            return TestLog.outcomes(log.append(request)).getFirst();
        }

        @Test
        void at_or_below_the_fork_old_cursors_go_on_with_the_new_epoch() {
            tables.lostAfter(6);
            append(2);
            assertThat(positions(read(at(1, 4, 0)))).containsExactly(5L, 6L, 7L, 8L);
            assertThat(read(at(1, 6, 0)))
                    .isInstanceOfSatisfying(
                            Page.Events.class, page -> assertThat(page.next()).isEqualTo(at(2, 8, 0)));
        }

        @Test
        void beyond_the_fork_they_are_told_to_rewind_and_can() {
            tables.lostAfter(6);
            append(4);
            Cursor lost = at(1, 9, 0);
            refused(lost, new CursorRefusal.Forked(lost, at(2, 6, 0)));
            assertThat(positions(read(at(2, 6, 0)))).containsExactly(7L, 8L, 9L, 10L);
        }

        @Test
        void after_several_restores_the_lowest_fork_counts() {
            tables.lostAfter(8);
            append(3);
            tables.lostAfter(5);
            append(3);
            tables.lostAfter(7);
            append(3);
            refused(at(1, 6, 0), new CursorRefusal.Forked(at(1, 6, 0), at(4, 5, 0)));
            refused(at(2, 9, 0), new CursorRefusal.Forked(at(2, 9, 0), at(4, 5, 0)));
            refused(at(3, 8, 0), new CursorRefusal.Forked(at(3, 8, 0), at(4, 7, 0)));
            assertThat(positions(read(at(4, 7, 0)))).containsExactly(8L, 9L, 10L);
        }
    }

    @Nested
    class behind_what_was_pruned {
        @Test
        void a_cursor_that_has_seen_what_went_is_not_behind() {
            tables.pruned(1, 4);
            assertThat(positions(read(at(1, 4, 0)))).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
        }

        @Test
        void a_cursor_that_has_not_is_told_up_to_where_and_goes_on_when_it_agrees() {
            tables.pruned(1, 4);
            tables.pruned(2, 6);
            Cursor behind = at(1, 3, 0);
            refused(behind, new CursorRefusal.Pruned(behind, 6, at(1, 3, 2)));
            assertThat(positions(read(at(1, 3, 2)))).containsExactly(7L, 8L, 9L, 10L);
        }

        @Test
        void only_steps_after_its_own_count() {
            tables.pruned(1, 6);
            tables.pruned(2, 4);
            assertThat(positions(read(at(1, 5, 1)))).startsWith(7L);
            refused(at(1, 5, 0), new CursorRefusal.Pruned(at(1, 5, 0), 6, at(1, 5, 2)));
        }

        @Test
        void oldest_agrees_to_every_loss_before_it() {
            tables.pruned(1, 4);
            Page page = log.reader.page(new Start.Oldest(), ReadFilter.ALL, 3);
            assertThat(positions(page)).containsExactly(5L, 6L, 7L);
            assertThat(page)
                    .isInstanceOfSatisfying(
                            Page.Events.class,
                            events -> assertThat(positions(read(events.next()))).containsExactly(8L, 9L, 10L));
        }

        @Test
        void a_step_of_a_lost_history_does_not_hide_the_steps_after_the_restore() {
            tables.pruned(1, 2);
            tables.pruned(2, 4);
            tables.lostStepsAfter(1);
            append(1);
            tables.pruned(2, 6);
            Cursor toldOfTheLostOne = at(1, 5, 2);
            refused(toldOfTheLostOne, new CursorRefusal.Pruned(toldOfTheLostOne, 6, at(2, 5, 2)));
        }

        @Test
        void a_rewound_cursor_is_still_told_what_was_pruned() {
            tables.lostAfter(8);
            append(4);
            tables.pruned(1, 9);
            Cursor lost = at(1, 10, 0);
            refused(lost, new CursorRefusal.Forked(lost, at(1, 8, 0)));
            refused(at(1, 8, 0), new CursorRefusal.Pruned(at(1, 8, 0), 9, at(2, 8, 1)));
            assertThat(positions(read(at(2, 8, 1)))).containsExactly(10L, 11L, 12L);
        }
    }
}
