package org.usageledger.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.tasks.TaskStatus.Completed;
import org.usageledger.tasks.TaskStatus.Running;

/** A node with a driver, and time that passes when the test says so. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
@SuppressWarnings("NullAway.Init")
abstract class DriverSituation {
    TestDatabase database;
    BackgroundDriver driver;
    volatile NodeLife life = new NodeLife("n1", 1);
    final SteppedTime time = new SteppedTime();
    final LockStepTask task = new LockStepTask("look");
    final Activator activator = new Activator();

    @BeforeEach
    void open(TestDatabase fresh) throws SQLException {
        database = fresh;
        register(life);
        driver = new BackgroundDriver(fresh.dataSource(), fresh.dataSource(), () -> life, time);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    void start(Wiring... wirings) {
        for (Wiring wiring : wirings) {
            driver.add(wiring);
        }
        driver.start();
    }

    /** Starts the task alone, and lets its first activation end. */
    void startAndRest() throws InterruptedException {
        start(Wiring.of(task, activator));
        task.awaitBeginning();
        task.end();
        awaitCompleted(task, 1);
    }

    void register(NodeLife registered) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement("""
                        insert into ledger_node (node_id, incarnation, code_generation, state, started_at, seen_at)
                        values (?, ?, 1, 'active', clock_timestamp(), clock_timestamp())
                        on conflict (node_id) do update
                        set incarnation = excluded.incarnation
                        """)) {
            statement.setString(1, registered.node());
            statement.setLong(2, registered.incarnation());
            statement.executeUpdate();
        }
    }

    TaskStatus status(BackgroundTask of) {
        return driver.status(of.name()).orElseThrow();
    }

    Completed awaitCompleted(BackgroundTask of, long iteration) {
        return Await.until(
                LockStepTask.PATIENCE,
                () -> status(of).last() instanceof Completed completed && completed.iteration() == iteration
                        ? new Await.Seen.Ready<>(completed)
                        : new Await.Seen.NotYet<>(status(of).toString()));
    }

    /** The activation under way, which has begun. */
    Running running(BackgroundTask of) {
        assertThat(status(of).current()).isInstanceOf(Running.class);
        return (Running) status(of).current();
    }
}
