package org.usageledger.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Cursor;
import org.usageledger.postgres.testing.OnFreshDatabase;

/** An answer that knows all events up to a cursor, or none. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class NotBeforeTest extends RunningSituation {

    @Test
    void is_at_once_where_the_projection_has_reached_it() throws InterruptedException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"));

        assertThat(query.awaitReached(new Cursor(1, 1, 0), PATIENCE)).isTrue();
    }

    @Test
    void waits_until_another_node_has_projected_it() throws InterruptedException, ExecutionException, TimeoutException {
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            waiting.add(answer);
            Thread.ofVirtual().start(() -> answer.complete(reached(new Cursor(1, 2, 0))));
        }
        live(TestEvent.begins(ResourceKind.PROCESS, "p"));
        live(TestEvent.begins(ResourceKind.PROCESS, "q"));
        for (CompletableFuture<Boolean> answer : waiting) {
            assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private boolean reached(Cursor cursor) {
        try {
            return query.awaitReached(cursor, PATIENCE);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Mutant: a position that was heard of once is believed for ever. */
    @Test
    void is_no_older_answer_after_the_database_was_set_back() throws InterruptedException, SQLException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"), TestEvent.begins(ResourceKind.PROCESS, "q"));
        assertThat(query.awaitReached(new Cursor(1, 2, 0), PATIENCE)).isTrue();
        set(1);

        assertThat(query.awaitReached(new Cursor(1, 2, 0), Duration.ofMillis(300)))
                .isFalse();
        assertThat(query.awaitReached(new Cursor(1, 1, 0), PATIENCE)).isTrue();
        assertThat(positions.position(RunningFold.PROJECTION)).isEqualTo(1);

        set(2);
        assertThat(query.awaitReached(new Cursor(1, 2, 0), PATIENCE)).isTrue();
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
    void is_no_older_answer_when_it_takes_too_long() throws InterruptedException {
        live(TestEvent.begins(ResourceKind.PROCESS, "p"));

        assertThat(query.awaitReached(new Cursor(1, 2, 0), Duration.ofMillis(100)))
                .isFalse();
    }
}
