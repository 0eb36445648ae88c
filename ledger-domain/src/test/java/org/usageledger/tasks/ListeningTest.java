package org.usageledger.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class ListeningTest extends DriverSituation {
    private final LockStepTask deaf = new LockStepTask("deaf");

    /** Lets both tasks run for as often as starting makes them. */
    private void startAndListen() throws InterruptedException {
        start(Wiring.of(task, activator).listening(), Wiring.of(deaf, new Activator()));
        deaf.awaitBeginning();
        deaf.end();
        awaitCompleted(deaf, 1);
        task.awaitBeginning();
        awaitListening();
        // Whether the beginning of the listening came in time for the first activation or not, it is done with now.
        activator.activate();
        task.end();
        task.awaitBeginning();
        assertThat(running(task).reason()).isEqualTo(Reason.SIGNAL);
        task.end();
        assertThat(rested()).isEqualTo(2);
    }

    private void awaitListening() {
        Await.untilTrue(LockStepTask.PATIENCE, () -> "not listening", () -> driver.isListening());
    }

    /** The activations so far, once the task has nothing to do any more. */
    private long rested() {
        time.awaitRestOf(task);
        Totals totals = driver.totals().getOrDefault("look", Totals.NONE);
        assertThat(totals.completions()).isEqualTo(totals.activations());
        return totals.activations();
    }

    private void announce() throws SQLException {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            TaskChannel.announce(connection);
            connection.commit();
        }
    }

    private List<Integer> listeners() throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select pid
                        from pg_stat_activity
                        where datname = current_database()
                          and pid <> pg_backend_pid()
                          and backend_type = 'client backend'
                        order by pid
                        """)) {
            List<Integer> pids = new ArrayList<>();
            while (row.next()) {
                pids.add(row.getInt("pid"));
            }
            return pids;
        }
    }

    private int listener() {
        return Await.until(LockStepTask.PATIENCE, () -> {
            List<Integer> pids = listeners();
            return pids.size() == 1
                    ? new Await.Seen.Ready<>(pids.getFirst())
                    : new Await.Seen.NotYet<>("sessions " + pids);
        });
    }

    private void terminate(int pid) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement("select pg_terminate_backend(?)")) {
            statement.setInt(1, pid);
            statement.execute();
        }
    }

    /** Mutant: everybody is woken. */
    @Test
    void an_announcement_wakes_exactly_those_who_listen() throws InterruptedException, SQLException {
        startAndListen();
        announce();
        task.awaitBeginning();
        assertThat(running(task)).isEqualTo(new TaskStatus.Running(time.now(), Reason.NOTIFICATION, 3));
        task.end();
        assertThat(rested()).isEqualTo(3);
        time.awaitRestOf(deaf);
        assertThat(driver.totals().get("deaf")).isEqualTo(new Totals(1, 1, 0));
    }

    @Test
    void an_announcement_that_is_rolled_back_wakes_nobody() throws InterruptedException, SQLException {
        startAndListen();
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            TaskChannel.announce(connection);
            connection.rollback();
        }
        announce();
        task.awaitBeginning();
        task.end();
        assertThat(rested()).isEqualTo(3);
    }

    /** Mutants: a lost connection is not followed by another; nobody is woken when one is. */
    @Test
    void a_connection_that_is_lost_is_followed_by_another_and_wakes_once() throws InterruptedException, SQLException {
        startAndListen();
        int first = listener();
        terminate(first);
        task.awaitBeginning();
        assertThat(running(task)).isEqualTo(new TaskStatus.Running(time.now(), Reason.NOTIFICATION, 3));
        awaitListening();
        assertThat(listener()).isNotEqualTo(first);
        task.end();
        assertThat(rested()).isEqualTo(3);

        announce();
        task.awaitBeginning();
        assertThat(running(task).iteration()).isEqualTo(4);
        time.awaitRestOf(deaf);
        assertThat(driver.totals().get("deaf")).isEqualTo(new Totals(1, 1, 0));
    }

    @Test
    void needs_no_connection_where_nobody_listens_and_leaves_none_behind() throws InterruptedException, SQLException {
        startAndRest();
        assertThat(driver.isListening()).isFalse();
        driver.close();
        Await.untilTrue(
                LockStepTask.PATIENCE,
                () -> "sessions " + listeners(),
                () -> listeners().isEmpty());
        assertThat(driver.totals()).isEqualTo(Map.of("look", new Totals(1, 1, 0)));
    }

    @Test
    void ends_with_the_driver() throws InterruptedException, SQLException {
        startAndListen();
        driver.close();
        Await.untilTrue(
                LockStepTask.PATIENCE,
                () -> "sessions " + listeners(),
                () -> listeners().isEmpty());
        assertThat(driver.isListening()).isFalse();
    }
}
