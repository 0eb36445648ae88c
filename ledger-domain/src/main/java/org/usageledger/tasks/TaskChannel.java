package org.usageledger.tasks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The one channel on which nodes wake each other's tasks through the database. A notification says only that something has changed; one
 * that is lost costs the time to the next period.
 */
public final class TaskChannel {
    private static final String LISTEN = "listen ledger_tasks";

    private static final String ANNOUNCE = """
            select pg_notify('ledger_tasks', '')
            """;

    private TaskChannel() {}

    /** Wakes the tasks that listen, on every node, once this connection's transaction is committed. */
    public static void announce(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ANNOUNCE)) {
            statement.execute();
        }
    }

    static void listen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LISTEN);
        }
    }
}
