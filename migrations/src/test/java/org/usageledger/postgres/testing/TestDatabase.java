package org.usageledger.postgres.testing;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.usageledger.postgres.DatabaseAddress;

/**
 * A database of one test's own.
 *
 * @param address as the role {@code ledger}, which owns it and is no superuser
 * @param serviceAddress as the role {@code ledger_service}, which a service speaks as
 */
public record TestDatabase(String name, DatabaseAddress address, DatabaseAddress serviceAddress, TestServer server)
        implements AutoCloseable {

    /** A new connection each time. */
    public Connection open() throws SQLException {
        return address.open();
    }

    /** Opens a new connection each time. */
    public DataSource dataSource() {
        return address.dataSource();
    }

    /** Ends all connections and drops the database. */
    @Override
    public void close() {
        server.drop(name);
    }
}
