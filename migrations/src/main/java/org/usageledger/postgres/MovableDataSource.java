package org.usageledger.postgres;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to a database that may be found elsewhere later: an embedded server that is started again while somebody else has its
 * port moves. Thread-safe.
 */
public final class MovableDataSource implements DataSource {
    private final Map<String, String> parameters;
    private volatile DatabaseAddress address;

    /** @param parameters the driver's, for every connection; what the address itself says wins */
    public MovableDataSource(DatabaseAddress address, Map<String, String> parameters) {
        this.address = address;
        this.parameters = Map.copyOf(parameters);
    }

    /** Where to open connections from now on. Those that are open stay as they are. */
    public void moveTo(DatabaseAddress now) {
        address = now;
    }

    @Override
    public Connection getConnection() throws SQLException {
        DatabaseAddress now = address;
        return getConnection(now.user(), now.password());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(parameters);
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return DriverManager.getConnection(address.url(), properties);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("the driver logs by itself");
    }

    /** The parameters bound how long it takes: the driver's one timeout for all logins is left alone. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("the driver logs by itself");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (!type.isInstance(this)) {
            throw new SQLException("this is no " + type.getName());
        }
        return type.cast(this);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
