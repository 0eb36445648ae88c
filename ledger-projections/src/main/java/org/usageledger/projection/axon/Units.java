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
import org.usageledger.projection.TransactionLimits;

/**
 * Units of work with one transaction each, on one connection that everything in the unit uses. Axon's own token store would take another
 * connection, and then a token can be stored whose window was rolled back.
 *
 * <p>The transaction begins when it is first asked for: a unit that fails before its invocation never completes, and the coordinator
 * would wait for it for ever.
 */
final class Units implements UnitOfWorkFactory {
    private static final Context.ResourceKey<Transaction> TRANSACTION = Context.ResourceKey.withLabel("transaction");

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
    static Connection connection(@Nullable ProcessingContext context) throws SQLException {
        Transaction transaction = context == null ? null : context.getResource(TRANSACTION);
        if (transaction == null) {
            throw new IllegalStateException("there is no transaction outside a unit of work");
        }
        return transaction.connection();
    }

    @Override
    public UnitOfWork create(
            String identifier, Function<UnitOfWorkConfiguration, UnitOfWorkConfiguration> customization) {
        UnitOfWork unit = plain.create(identifier, customization);
        Transaction transaction = new Transaction(database, limits);
        unit.runOnPreInvocation(context -> context.putResource(TRANSACTION, transaction));
        unit.runOnCommit(context -> {
            transaction.commit();
            troubles.succeeded(context);
        });
        unit.onError((context, phase, failure) -> {
            transaction.rollBack();
            troubles.failed(context, failure);
        });
        return unit;
    }
}
