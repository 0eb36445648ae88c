package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.event.AppUsageEvent;
import org.usageledger.event.Body;
import org.usageledger.event.Change;
import org.usageledger.event.Events;
import org.usageledger.event.Ref;
import org.usageledger.event.UsageEvent;
import org.usageledger.lifecycle.EventKind;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class ReadingTest {
    private TestDatabase database;
    private TestLog log;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        log = new TestLog(fresh);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private Page.Events page(Start start, ReadFilter filter, int limit) {
        if (log.reader.page(start, filter, limit) instanceof Page.Events page) {
            return page;
        }
        throw new AssertionError("refused");
    }

    private static List<Long> positions(List<LoggedEvent> events) {
        return events.stream().map(LoggedEvent::position).toList();
    }

    @Test
    void filtered_pages_move_on_past_what_they_leave_out() {
        log.append(
                Events.process("p1", "STARTED"),
                Events.service("s1", "CREATED"),
                Events.process("p2", "WAS_RUNNING"),
                Events.process("p3", "STARTED"));
        ReadFilter services = new ReadFilter(EventKind.SERVICE, true);
        Page.Events first = page(new Start.Oldest(), services, 10);
        assertThat(positions(first.events())).containsExactly(2L);
        assertThat(first.next().position()).isEqualTo(4);
        ReadFilter noBaselines = new ReadFilter(EventKind.APP, false);
        assertThat(positions(page(new Start.Oldest(), noBaselines, 10).events()))
                .containsExactly(1L, 4L);
        assertThat(page(new Start.Oldest(), noBaselines, 1).next().position()).isEqualTo(1);
    }

    /** Mutant: pages with a hole are served, and whoever reads on never learns of it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 4})
    void a_page_in_which_an_event_is_missing_is_not_served(long missing) {
        for (int i = 0; i < 4; i++) {
            log.append(Events.process("p" + i, "STARTED"));
        }
        new LogTables(database).lose(missing);

        assertThatThrownBy(() -> page(new Start.Oldest(), ReadFilter.ALL, 10))
                .isInstanceOf(LogFault.class)
                .rootCause()
                .hasMessageContaining("missing from a page");
        assertThat(positions(page(new Start.After(new Cursor(1, missing, 0)), ReadFilter.ALL, 10)
                        .events()))
                .hasSize((int) (4 - missing));
    }

    /** Within one transaction a session goes by the partitions that it knew at its beginning. Mutant: all tries in one transaction. */
    @Test
    void a_page_with_a_hole_is_read_anew_in_another_transaction() throws SQLException {
        log.append(Events.process("p1", "STARTED"), Events.process("p2", "STARTED"), Events.process("p3", "STARTED"));
        LogTables tables = new LogTables(database);
        tables.hide(2);
        AtomicInteger begun = new AtomicInteger();
        DataSource appears = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (begun.incrementAndGet() == 2) {
                        tables.show(2);
                    }
                    return database.open();
                });

        assertThat(new LogReader(appears, log.watch).page(new Start.Oldest(), ReadFilter.ALL, 10))
                .isInstanceOfSatisfying(
                        Page.Events.class,
                        page -> assertThat(positions(page.events())).containsExactly(1L, 2L, 3L));
        assertThat(begun).hasValue(2);
    }

    @Test
    void a_page_of_large_events_ends_early_and_the_next_one_goes_on() {
        for (int i = 0; i < 5; i++) {
            log.append(large("p" + i, 1 << 20), large("q" + i, 2 << 20));
        }
        List<Long> seen = new ArrayList<>();
        Page.Events page = page(new Start.Oldest(), ReadFilter.ALL, 100);
        assertThat(page.events()).hasSizeLessThan(10);
        while (!page.events().isEmpty()) {
            seen.addAll(positions(page.events()));
            page = page(new Start.After(page.next()), ReadFilter.ALL, 100);
        }
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void a_page_may_be_asked_for_in_fewer_bytes_and_has_one_event_at_least() {
        log.append(large("p", 2_000), large("q", 2_000), large("r", 2_000));

        Page two = log.reader.page(new Start.Oldest(), ReadFilter.ALL, 100, 4_000);
        Page one = log.reader.page(new Start.Oldest(), ReadFilter.ALL, 100, 1);

        assertThat(positions(((Page.Events) two).events())).containsExactly(1L, 2L);
        assertThat(positions(((Page.Events) one).events())).containsExactly(1L);
    }

    private static UsageEvent large(String process, int bytes) {
        return new AppUsageEvent(
                process,
                Events.NOON,
                "STARTED",
                null,
                Ref.NONE,
                new Ref(process + "-guid", null),
                Ref.NONE,
                Ref.NONE,
                Ref.NONE,
                Ref.NONE,
                Change.NONE,
                Change.NONE,
                Body.owning(new byte[bytes]));
    }

    @Test
    void a_stream_ends_where_the_log_ended_when_it_was_opened() {
        log.append(Events.process("p1", "STARTED"), Events.process("p2", "STARTED"));
        if (!(log.reader.open(new Start.Oldest(), ReadFilter.ALL) instanceof LogReader.Opened.Streaming opened)) {
            throw new AssertionError("refused");
        }
        log.append(Events.process("p3", "STARTED"));
        List<Long> seen = new ArrayList<>();
        while (!opened.stream().ended()) {
            seen.addAll(positions(opened.stream().nextChunk()));
        }
        assertThat(seen).containsExactly(1L, 2L);
        assertThat(opened.stream().horizon().position()).isEqualTo(2);
    }

    @Test
    void newest_starts_with_what_comes_next() {
        log.append(Events.process("p1", "STARTED"));
        Page.Events nothing = page(new Start.Newest(), ReadFilter.ALL, 10);
        assertThat(nothing.events()).isEmpty();
        log.append(Events.process("p2", "STARTED"));
        assertThat(positions(page(new Start.After(nothing.next()), ReadFilter.ALL, 10)
                        .events()))
                .containsExactly(2L);
    }

    @Test
    void a_guid_that_the_platform_reused_finds_all_its_events_the_newest_first() {
        log.append(
                Events.process("p1", "p1", "STARTED", Events.NOON),
                Events.process("other", "p1", "STOPPED", Events.NOON),
                Events.process("p1", "p1", "STARTED", Events.NOON.plusSeconds(60)));
        assertThat(positions(log.reader.byGuid(null, "p1"))).containsExactly(3L, 1L);
        assertThat(positions(log.reader.byGuid(EventKind.APP, "other"))).containsExactly(2L);
        assertThat(log.reader.byGuid(EventKind.SERVICE, "other")).isEmpty();
        assertThat(log.reader.byGuid(null, "nobody")).isEmpty();
    }

    @Test
    void a_reader_is_woken_by_this_node_and_by_others() throws Exception {
        try (TestLog other = new TestLog(database)) {
            log.append(Events.process("p1", "STARTED"));
            assertThat(log.watch.awaitAbove(0, TestLog.PATIENCE)).isEqualTo(1);
            assertThat(other.watch.awaitAbove(0, TestLog.PATIENCE)).isEqualTo(1);
            assertThat(log.watch.awaitAbove(1, Duration.ofMillis(1))).isEqualTo(1);
        }
    }

    @Test
    void a_watch_follows_a_database_that_was_restored_to_an_earlier_state() throws Exception {
        log.append(Events.process("p1", "STARTED"), Events.process("p2", "STARTED"), Events.process("p3", "STARTED"));
        assertThat(log.watch.awaitAbove(2, TestLog.PATIENCE)).isEqualTo(3);
        new LogTables(database).lostAfter(1);
        Await.untilTrue(TestLog.PATIENCE, () -> "head " + log.watch.head(), () -> log.watch.head() == 1);
    }

    @Test
    void suppressed_stops_are_listed_with_where_they_were_recorded_after_all() {
        log.append(Events.task("e1", "t1", "TASK_STOPPED", "RUNNING"), Events.task("e2", "t2", "TASK_STOPPED", null));
        assertThat(log.outcomes(Events.task("e1", "t1", "TASK_STOPPED", "RUNNING")))
                .containsExactly(new Outcome.Suppressed(SuppressionReason.NO_START_ON_RECORD));
        SuppressedStops stops = new SuppressedStops(database.dataSource());
        assertThat(stops.count()).isEqualTo(2);
        assertThat(log.outcomes(Events.task("t1", "TASK_WAS_RUNNING"))).containsExactly(new Outcome.Recorded(1));
        assertThat(stops.count()).isEqualTo(1);
        assertThat(stops.list(0, 10).stops())
                .extracting(SuppressedStop::recordedPosition)
                .containsExactly(2L, null);
        assertThat(stops.list(1, 10).stops()).extracting(SuppressedStop::guid).containsExactly("e2");
        assertThat(log.outcomes(Events.task("e1", "t1", "TASK_STOPPED", "RUNNING")))
                .containsExactly(new Outcome.Duplicate(2));
        assertThat(log.everything())
                .extracting(LoggedEvent::body)
                .endsWith(Events.task("e1", "t1", "TASK_STOPPED", "RUNNING").body());
    }

    /** Mutant: no bound but the number of rows. */
    @Test
    void a_list_of_large_suppressed_stops_ends_early_and_the_next_one_goes_on() {
        for (int i = 0; i < 4; i++) {
            log.append(largeStop("a" + i), largeStop("b" + i), largeStop("c" + i));
        }
        SuppressedStops stops = new SuppressedStops(database.dataSource());
        List<String> seen = new ArrayList<>();
        SuppressedStops.Listed page = stops.list(0, 12);
        assertThat(page.stops()).hasSize(4);
        while (page.more()) {
            page.stops().forEach(stop -> seen.add(stop.guid()));
            page = stops.list(page.stops().getLast().number(), 12);
        }
        page.stops().forEach(stop -> seen.add(stop.guid()));
        assertThat(seen).containsExactly("a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3");
    }

    private static UsageEvent largeStop(String guid) {
        AppUsageEvent stop = Events.task(guid, guid, "TASK_STOPPED", "RUNNING");
        return new AppUsageEvent(
                stop.guid(),
                stop.occurredAt(),
                stop.state(),
                stop.previousState(),
                stop.app(),
                stop.process(),
                stop.space(),
                stop.organization(),
                stop.buildpack(),
                stop.task(),
                stop.memory(),
                stop.instances(),
                Body.owning(new byte[2 << 20]));
    }

    @Test
    void a_condition_and_a_conflict_are_judged_on_what_other_nodes_recorded() {
        try (TestLog other = new TestLog(database)) {
            other.append(Events.process("e1", "p1", "STARTED", 512));
            assertThat(log.append(Events.process("e1", "p1", "STARTED", 1024)))
                    .isEqualTo(new AppendResult.Refused(List.of(new Outcome.Conflict(1))));
            other.append(Events.task("t1", "TASK_STARTED"));
            assertThat(log.outcomes(Events.task("t1", "TASK_STOPPED"))).containsExactly(new Outcome.Recorded(3));
        }
    }
}
