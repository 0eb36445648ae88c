package org.usageledger.projection.axon;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.EmptyApplicationContext;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.core.unitofwork.SimpleUnitOfWorkFactory;
import org.axonframework.messaging.core.unitofwork.UnitOfWork;
import org.axonframework.messaging.core.unitofwork.UnitOfWorkConfiguration;
import org.axonframework.messaging.core.unitofwork.UnitOfWorkFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.usageledger.projection.TransactionLimits;

/**
 * Units of work with one transaction each, on one connection that everything in the unit uses. Axon's own token store would take another
 * connection, and then a token can be stored whose window was rolled back.
 */
final class Units implements UnitOfWorkFactory {
    private static final Logger LOG = LoggerFactory.getLogger(Units.class);
    private static final Context.ResourceKey<Connection> CONNECTION = Context.ResourceKey.withLabel("connection");

    private final DataSource database;
    private final TransactionLimits limits;
    private final Troubles troubles;
    private final UnitOfWorkFactory plain = new SimpleUnitOfWorkFactory(EmptyApplicationContext.INSTANCE);

    Units(DataSource database, TransactionLimits limits, Troubles troubles) {
        this.database = database;
        this.limits = limits;
        this.troubles = troubles;
    }

    /** The connection with this unit's transaction. */
    static Connection connection(@Nullable ProcessingContext context) {
        Connection connection = context == null ? null : context.getResource(CONNECTION);
        if (connection == null) {
            throw new IllegalStateException("there is no transaction outside a unit of work");
        }
        return connection;
    }

    @Override
    public UnitOfWork create(
            String identifier, Function<UnitOfWorkConfiguration, UnitOfWorkConfiguration> customization) {
        UnitOfWork unit = plain.create(identifier, customization);
        unit.runOnPreInvocation(this::begin);
        unit.runOnCommit(this::commit);
        unit.onError((context, phase, failure) -> rollBack(context, failure));
        return unit;
    }

    private void begin(ProcessingContext context) {
        try {
            Connection connection = database.getConnection();
            context.putResource(CONNECTION, connection);
            connection.setAutoCommit(false);
            limits.set(connection);
        } catch (SQLException e) {
            throw new TransactionFault("beginning a transaction", e);
        }
    }

    private void commit(ProcessingContext context) {
        Connection connection = connection(context);
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new TransactionFault("committing", e);
        }
        context.removeResource(CONNECTION);
        close(connection);
        troubles.succeeded(context);
    }

    private void rollBack(ProcessingContext context, Throwable failure) {
        troubles.failed(context, failure);
        Connection connection = context.removeResource(CONNECTION);
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("the transaction is rolled back by the loss of its connection", e);
        }
        close(connection);
    }

    private static void close(Connection connection) {
        try (connection) {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            LOG.debug("closing a connection", e);
        }
    }

    /** The unit's transaction could not be begun or ended. */
    static final class TransactionFault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TransactionFault(String whileDoing, SQLException cause) {
            super(whileDoing + ": " + cause.getMessage(), cause);
        }
    }
}
