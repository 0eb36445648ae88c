package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.log.HistoryChecker.Promise;

/** What a history must look like for each promise to be reported broken, and only that one. */
class HistoryCheckerTest {
    private final History history = new History();

    @BeforeEach
    void three_events_recorded_and_read() {
        history.attempted.addAll(Set.of("a", "b", "c"));
        add(history.there, 1, "a", 2, "b", 3, "c");
        history.acknowledged.addAll(history.there);
        add(history.reading("r").seen, 1, "a", 2, "b", 3, "c");
    }

    private static void add(List<History.At> list, Object... positionsAndGuids) {
        for (int i = 0; i < positionsAndGuids.length; i += 2) {
            list.add(new History.At((Integer) positionsAndGuids[i], (String) positionsAndGuids[i + 1]));
        }
    }

    private void broken(Promise... promises) {
        Set<Promise> found = HistoryChecker.check(history).stream()
                .map(HistoryChecker.Violation::promise)
                .collect(Collectors.toSet());
        assertThat(found).containsExactlyInAnyOrder(promises);
    }

    @Test
    void a_history_that_keeps_all_promises_is_fine() {
        broken();
    }

    @Test
    void an_event_in_doubt_may_be_there_or_not() {
        history.attempted.addAll(Set.of("d", "e"));
        history.inDoubt.addAll(Set.of("d", "e"));
        add(history.there, 4, "d");
        add(history.reading("r").seen, 4, "d");
        broken();
    }

    @Test
    void an_acknowledged_event_that_is_not_there_is_lost() {
        history.attempted.add("d");
        history.acknowledged.add(new History.At(4, "d"));
        broken(Promise.LOST);
    }

    @Test
    void a_suppressed_stop_is_aside_or_recorded_or_else_lost() {
        history.suppressed.addAll(Set.of("c", "d"));
        history.aside.add("d");
        broken();
        history.suppressed.add("e");
        broken(Promise.LOST);
    }

    @Test
    void an_acknowledged_event_stands_where_the_answer_said() {
        history.acknowledged.add(new History.At(1, "b"));
        broken(Promise.ELSEWHERE);
    }

    @Test
    void no_event_is_there_twice_not_even_one_in_doubt() {
        history.inDoubt.add("c");
        add(history.there, 4, "c");
        add(history.reading("r").seen, 4, "c");
        broken(Promise.TWICE);
    }

    @Test
    void nothing_is_there_that_nobody_attempted() {
        add(history.there, 4, "x");
        add(history.reading("r").seen, 4, "x");
        broken(Promise.NOT_ATTEMPTED);
    }

    @Test
    void nothing_is_there_that_was_only_ever_denied() {
        history.attempted.add("d");
        history.denied.addAll(Set.of("c", "d"));
        broken();
        add(history.there, 4, "d");
        add(history.reading("r").seen, 4, "d");
        broken(Promise.DENIED_BUT_THERE);
    }

    @Test
    void positions_have_no_hole() {
        history.attempted.add("d");
        add(history.there, 5, "d");
        add(history.reading("r").seen, 5, "d");
        broken(Promise.NOT_DENSE, Promise.MISSED);
    }

    @Test
    void a_reader_that_skips_has_missed_in_the_middle_and_at_the_end() {
        add(history.reading("skips").seen, 1, "a", 3, "c");
        broken(Promise.MISSED);
        history.readings.remove("skips");
        add(history.reading("stops").seen, 1, "a", 2, "b");
        broken(Promise.MISSED);
    }

    @Test
    void a_reader_sees_no_position_again_nor_a_lower_one_later() {
        add(history.reading("again").seen, 1, "a", 2, "b", 2, "b", 3, "c");
        broken(Promise.OUT_OF_ORDER);
        history.readings.remove("again");
        add(history.reading("back").seen, 1, "a", 3, "c", 2, "b");
        broken(Promise.OUT_OF_ORDER, Promise.MISSED);
    }

    @Test
    void a_reader_sees_what_is_there_and_nothing_else() {
        add(history.reading("other").seen, 1, "a", 2, "c", 3, "b");
        broken(Promise.DIFFERENT);
    }
}
