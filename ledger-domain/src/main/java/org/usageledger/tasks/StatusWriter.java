package org.usageledger.tasks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the statuses of a node's tasks in the database, as far as it can: a task does not fail because it cannot be told of. */
final class StatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

    /** For a server that never answers. */
    private static final int NETWORK_MILLIS = 10_000;

    private final DataSource database;
    private final Supplier<NodeLife> life;
    private final AtomicBoolean failing = new AtomicBoolean();

    StatusWriter(DataSource database, Supplier<NodeLife> life) {
        this.database = database;
        this.life = life;
    }

    void write(TaskStatus status) {
        try (Connection connection = database.getConnection()) {
            connection.setNetworkTimeout(Runnable::run, NETWORK_MILLIS);
            StatusTable.save(connection, life.get(), status);
            if (failing.compareAndSet(true, false)) {
                LOG.info("the statuses of tasks are kept again");
            }
        } catch (SQLException | RuntimeException e) {
            if (failing.compareAndSet(false, true)) {
                LOG.warn("cannot keep the status of {}, tasks go on: {}", status.task(), e.getMessage());
            }
        }
    }
}
