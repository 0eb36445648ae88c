package org.usageledger.running;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import org.usageledger.log.Standpoint;

/** One snapshot of the database, and where the projection stands in it. */
final class ReadTransaction implements AutoCloseable {
    private static final String SNAPSHOT = """
            set transaction isolation level repeatable read, read only
            """;

    // A reader who does not read on is cut off: its snapshot keeps the database from tidying up.
    private static final String STAND = """
            select
              p.live_slot,
              p.position,
              statement_timestamp() as now,
              set_config('idle_in_transaction_session_timeout', '60s', true),
              set_config('jit', 'off', true),
              set_config('plan_cache_mode', 'force_custom_plan', true)
            from projection p
            where p.name = 'running'
            """;

    private final Connection connection;
    private int slot;
    private AsOf asOf;

    private ReadTransaction(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SNAPSHOT);
        }
        try (PreparedStatement statement = connection.prepareStatement(STAND);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("there is no projection of what runs: the migrations create it");
            }
            slot = row.getInt("live_slot");
            asOf = new AsOf(
                    Standpoint.at(connection, row.getLong("position")),
                    row.getObject("now", OffsetDateTime.class).toInstant());
        }
    }

    static ReadTransaction begin(DataSource database) throws SQLException {
        Connection connection = database.getConnection();
        try {
            return new ReadTransaction(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    /** The slot to read. */
    int slot() {
        return slot;
    }

    AsOf asOf() {
        return asOf;
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }
}
