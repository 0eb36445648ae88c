package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.log.HistoryChecker.Promise;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** Ways to build the log that look right and are wrong, each brought to its fault on purpose: the history checker reports every one. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
class MutantsTest {
    private static final AppenderLimits LIMITS = AppenderLimits.DEFAULT;

    private final History history = new History();
    private final List<TestLog> nodes = new ArrayList<>();
    private TestDatabase database;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
    }

    @AfterEach
    void close() {
        nodes.forEach(TestLog::close);
    }

    private TestLog node(Function<Connection, AppendSession> session) {
        TestLog node = new TestLog(
                database, LIMITS, () -> session.apply(AppendSession.connect(database.dataSource(), LIMITS)));
        nodes.add(node);
        return node;
    }

    private CompletableFuture<Void> appending(TestLog node, UsageEvent event) {
        history.attempts(List.of(event));
        return node.appender
                .append(TestLog.request(event))
                .thenAccept(result -> history.answered(List.of(event), result));
    }

    private void append(TestLog node, UsageEvent event) throws Exception {
        appending(node, event).get(TestLog.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** A page as a reader gets it that goes on from what it read before. */
    private void read(TestLog node) {
        History.Reading reading = history.reading("reader");
        long after = reading.seen.isEmpty() ? 0 : reading.seen.getLast().position();
        if (node.trusting.page(new Start.After(new Cursor(1, after, 0)), ReadFilter.ALL, 100)
                instanceof Page.Events page) {
            reading.saw(page.events());
        }
    }

    private Set<Promise> broken() {
        TestLog truth = new TestLog(database);
        nodes.add(truth);
        read(truth);
        history.ended(TestLog.everything(truth.trusting), RacingWriter.allStops(database));
        return HistoryChecker.check(history).stream()
                .map(HistoryChecker.Violation::promise)
                .collect(Collectors.toSet());
    }

    /** The tables' own keys would stop some mutants; here the history alone has to show them. */
    private void withoutTheKeyOfIdentities() {
        new LogTables(database).dropIdentityKey();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(TestLog.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Test
    void unharmed_the_same_scenes_break_no_promise() throws Exception {
        TestLog one = node(connection -> new AppendSession(connection, Judge::inQueueOrder));
        TestLog two = node(connection -> new AppendSession(connection, Judge::inQueueOrder));
        UsageEvent event = Events.process("p1", "STARTED");
        CompletableFuture.allOf(appending(one, event), appending(two, event)).get(30, TimeUnit.SECONDS);
        read(one);
        append(two, Events.process("p2", "STARTED"));
        assertThat(broken()).isEmpty();
    }

    @Test
    void positions_from_a_sequence_make_readers_miss_what_commits_late() throws Exception {
        AtomicLong sequence = new AtomicLong();
        CountDownLatch drawn = new CountDownLatch(1);
        CountDownLatch overtaken = new CountDownLatch(1);
        Function<Connection, AppendSession> quick =
                connection -> new Mutants.FromSequence(connection, sequence, () -> {});
        TestLog slow = node(connection -> new Mutants.FromSequence(connection, sequence, () -> {
            drawn.countDown();
            await(overtaken);
        }));
        TestLog other = node(quick);
        CompletableFuture<Void> late = appending(slow, Events.process("p1", "STARTED"));
        await(drawn);
        append(other, Events.process("p2", "STARTED"));
        read(other);
        assertThatThrownBy(other::everything)
                .as("a reader of the product is not served a page with a hole")
                .isInstanceOf(LogFault.class);
        overtaken.countDown();
        late.get(30, TimeUnit.SECONDS);
        append(other, Events.process("p3", "STARTED"));
        assertThat(broken()).contains(Promise.MISSED);
    }

    @Test
    void duplicates_looked_up_before_the_lock_are_recorded_twice() throws Exception {
        withoutTheKeyOfIdentities();
        CyclicBarrier bothLooked = new CyclicBarrier(2);
        Function<Connection, AppendSession> mutant = connection -> new Mutants.LooksFirst(connection, bothLooked);
        TestLog one = node(mutant);
        TestLog two = node(mutant);
        UsageEvent event = Events.process("p1", "STARTED");
        CompletableFuture.allOf(appending(one, event), appending(two, event)).get(30, TimeUnit.SECONDS);
        assertThat(broken()).contains(Promise.TWICE);
    }

    @Test
    void requests_judged_on_the_snapshot_alone_record_the_same_event_twice() throws Exception {
        withoutTheKeyOfIdentities();
        CountDownLatch gathered = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        TestLog node = node(connection -> new AppendSession(connection, Mutants::onTheSnapshotAlone) {
            @Override
            HeadRow lockHead() throws SQLException {
                reached.countDown();
                MutantsTest.await(gathered);
                return super.lockHead();
            }
        });
        CompletableFuture<Void> first = appending(node, Events.process("p0", "STARTED"));
        await(reached);
        UsageEvent event = Events.process("p1", "STARTED");
        CompletableFuture<Void> both = CompletableFuture.allOf(appending(node, event), appending(node, event));
        gathered.countDown();
        CompletableFuture.allOf(first, both).get(30, TimeUnit.SECONDS);
        assertThat(broken()).contains(Promise.TWICE);
    }

    @Test
    void an_answer_before_the_commit_is_a_lost_event_when_the_session_dies() throws Exception {
        TestLog node = node(connection -> new AppendSession(connection, Judge::inQueueOrder) {
            @Override
            boolean commit() {
                return true;
            }
        });
        append(node, Events.process("p1", "STARTED"));
        assertThat(new LogTables(database).terminateAppenders()).isEqualTo(1);
        assertThat(broken()).containsExactly(Promise.LOST);
    }

    @Test
    void leaving_duplicates_to_the_table_makes_holes_and_false_answers() throws Exception {
        TestLog node = node(connection -> new AppendSession(connection, Judge::inQueueOrder) {
            @Override
            Snapshot snapshot(HeadRow head, List<AppendRequest> requests) {
                return new Snapshot(head.head(), Instant.MIN, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
            }

            @Override
            EventRows eventRows() {
                return new Mutants.OnConflictDoNothing(connection());
            }
        });
        UsageEvent event = Events.process("p1", "STARTED");
        append(node, event);
        append(node, event);
        append(node, Events.process("p2", "STARTED"));
        assertThat(broken()).contains(Promise.NOT_DENSE, Promise.ELSEWHERE);
    }
}
