package org.usageledger.running;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.usageledger.log.Standpoint;
import org.usageledger.projection.ProjectionFault;

/** One snapshot of the database, and where the projection stands in it: what an answer is made of. Holds a connection until it is closed. */
public final class ReadTransaction implements AutoCloseable {
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
    private final Runnable ended;
    private final AtomicBoolean closed = new AtomicBoolean();
    private int slot;
    private AsOf asOf;

    private ReadTransaction(Connection connection, Runnable ended) throws SQLException {
        this.connection = connection;
        this.ended = ended;
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

    /** @param ended run once when the transaction is closed, or if it cannot begin */
    static ReadTransaction begin(DataSource database, Runnable ended) throws SQLException {
        boolean begun = false;
        try {
            ReadTransaction transaction = on(database.getConnection(), ended);
            begun = true;
            return transaction;
        } finally {
            if (!begun) {
                ended.run();
            }
        }
    }

    private static ReadTransaction on(Connection connection, Runnable ended) throws SQLException {
        try {
            return new ReadTransaction(connection, ended);
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

    /** @throws ProjectionFault if the connection broke */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (connection) {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new ProjectionFault("closing a snapshot of what runs", e);
        } finally {
            ended.run();
        }
    }
}
