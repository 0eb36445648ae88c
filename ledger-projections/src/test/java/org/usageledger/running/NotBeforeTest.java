package org.usageledger.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Cursor;
import org.usageledger.log.CursorRefusal;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** An answer that knows all events up to a cursor, or none. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class NotBeforeTest extends RunningSituation {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Cursor SECOND = new Cursor(1, 2, 0);

    @Test
    void is_at_once_where_the_projection_has_reached_it() throws InterruptedException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"));

        assertThat(stands(query, new Cursor(1, 1, 0), PATIENCE)).isEqualTo(1);
    }

    @Test
    void waits_until_another_node_has_projected_it()
            throws InterruptedException, ExecutionException, TimeoutException, SQLException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"), TestEvent.begins(ResourceKind.PROCESS, "q"));
        set(0);
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Long> answer = new CompletableFuture<>();
            waiting.add(answer);
            Thread.ofVirtual().start(() -> answer.completeAsync(() -> stood(SECOND), Runnable::run));
        }
        set(1);
        set(2);
        for (CompletableFuture<Long> answer : waiting) {
            assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    private long stood(Cursor cursor) {
        try {
            return stands(query, cursor, PATIENCE);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Where the snapshot stands that an answer would be made of; -1 for none. */
    private static long stands(RunningQuery asked, Cursor cursor, Duration atMost) throws InterruptedException {
        return switch (asked.reach(cursor, RunningQuery.Use.PAGE, atMost)) {
            case Reached.At(var transaction) -> {
                try (transaction) {
                    yield asked.page(transaction, RunningFilter.ALL, null, 1)
                            .asOf()
                            .cursor()
                            .position();
                }
            }
            case Reached.Refused refused -> throw new AssertionError(refused.toString());
            case Reached.TooEarly() -> -1;
            case Reached.NoPlace() -> throw new AssertionError("no place");
        };
    }

    /** Mutant: a position that was heard of once is believed for ever. */
    @Test
    void is_no_older_answer_after_the_database_was_set_back() throws InterruptedException, SQLException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"), TestEvent.begins(ResourceKind.PROCESS, "q"));
        positions.reached(RunningFold.PROJECTION, 2);
        set(1);

        assertThat(stands(query, SECOND, SHORT)).isEqualTo(-1);
        assertThat(stands(query, new Cursor(1, 1, 0), PATIENCE)).isEqualTo(1);
        assertThat(positions.position(RunningFold.PROJECTION)).isEqualTo(1);

        set(2);
        assertThat(stands(query, SECOND, PATIENCE)).isEqualTo(2);
    }

    /** Mutant: the answer is made in another transaction than the one that was judged. */
    @Test
    void is_no_older_answer_where_the_database_is_set_back_between_the_judgement_and_the_answer()
            throws InterruptedException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"), TestEvent.begins(ResourceKind.PROCESS, "q"));
        AtomicInteger connections = new AtomicInteger();
        RunningQuery hooked = new RunningQuery(
                beforeEach(() -> {
                    if (connections.incrementAndGet() == 2) {
                        set(1);
                    }
                }),
                positions,
                SnapshotLimits.within(10));

        assertThat(stands(hooked, SECOND, SHORT)).isIn(2L, -1L);
    }

    /** A page of a walk has to know of the walk's moment as well as of what the request names. */
    @Test
    void is_told_of_all_cursors_that_are_named() throws InterruptedException, SQLException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"), TestEvent.begins(ResourceKind.PROCESS, "q"));
        Cursor first = new Cursor(1, 1, 0);
        set(1);
        for (List<Cursor> named : List.of(List.of(first, SECOND), List.of(SECOND, first))) {
            assertThat(query.reach(named, RunningQuery.Use.PAGE, SHORT)).isInstanceOf(Reached.TooEarly.class);
        }

        set(2);
        fork(1);
        assertThat(query.reach(List.of(first, SECOND), RunningQuery.Use.PAGE, SHORT))
                .isInstanceOf(Reached.Refused.class);
    }

    @Test
    void is_refused_where_the_history_of_the_cursor_is_lost() throws InterruptedException, SQLException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"), TestEvent.begins(ResourceKind.PROCESS, "q"));
        fork(1);

        Reached reached = query.reach(SECOND, RunningQuery.Use.PAGE, PATIENCE);

        assertThat(reached)
                .isInstanceOfSatisfying(
                        Reached.Refused.class,
                        refused -> assertThat(refused.why()).isInstanceOf(CursorRefusal.Forked.class));
    }

    @Test
    void gives_its_place_among_the_streams_back_while_it_waits() throws InterruptedException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"), TestEvent.begins(ResourceKind.PROCESS, "q"));
        RunningQuery narrow = new RunningQuery(
                database.dataSource(), positions, new SnapshotLimits(1, Duration.ofMillis(50), Duration.ofMinutes(1)));

        assertThat(narrow.reach(new Cursor(1, 3, 0), RunningQuery.Use.STREAM, SHORT))
                .isInstanceOf(Reached.Refused.class);
        assertThat(narrow.reach(SECOND, RunningQuery.Use.STREAM, SHORT))
                .isInstanceOfSatisfying(Reached.At.class, at -> at.transaction().close());
        open(narrow).close();
    }

    private DataSource beforeEach(Hook hook) {
        DataSource real = database.dataSource();
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    hook.run();
                    return method.invoke(real, arguments);
                });
    }

    private interface Hook {
        void run() throws SQLException;
    }

    private void fork(long position) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement fork = connection.prepareStatement("""
                        insert into ledger_epoch (epoch, fork, step, reason, system_identifier, timeline)
                        select 2, ?, retention_step, 'restored', system_identifier, timeline
                        from ledger_head
                        """);
                PreparedStatement head = connection.prepareStatement("""
                        update ledger_head
                        set epoch = 2
                        """)) {
            fork.setLong(1, position);
            fork.executeUpdate();
            head.executeUpdate();
        }
    }

    private void set(long position) throws SQLException {
        try (Connection connection = database.open();
                var statement = connection.prepareStatement("""
                        update projection
                        set position = ?
                        where name = 'running'
                        """)) {
            statement.setLong(1, position);
            statement.executeUpdate();
        }
    }

    @Test
    void is_no_older_answer_when_it_takes_too_long() throws InterruptedException, SQLException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"), TestEvent.begins(ResourceKind.PROCESS, "q"));
        set(1);

        assertThat(stands(query, SECOND, Duration.ofMillis(100))).isEqualTo(-1);
    }
}
