package org.usageledger.projection.axon;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.projection.ProjectionFault;
import org.usageledger.projection.TransactionLimits;

/** A transaction that begins when its connection is first asked for. Used by one thread at a time. */
final class Transaction {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final DataSource database;
    private final TransactionLimits limits;
    private @Nullable Connection begun;

    Transaction(DataSource database, TransactionLimits limits) {
        this.database = database;
        this.limits = limits;
    }

    Connection connection() throws SQLException {
        Connection connection = begun;
        if (connection == null) {
            connection = database.getConnection();
            begun = connection;
            connection.setAutoCommit(false);
            limits.set(connection);
        }
        return connection;
    }

    void commit() {
        Connection connection = begun;
        if (connection == null) {
            return;
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new ProjectionFault("committing what was projected", e);
        }
        close(connection);
    }

    void rollBack() {
        Connection connection = begun;
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("the loss of its connection has rolled the transaction back", e);
        }
        close(connection);
    }

    private void close(Connection connection) {
        begun = null;
        try (connection) {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            LOG.debug("closing a connection", e);
        }
    }
}
