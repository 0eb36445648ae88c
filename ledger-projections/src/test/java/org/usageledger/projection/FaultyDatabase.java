package org.usageledger.projection;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A node's way to the database, which a test cuts or disturbs. */
public final class FaultyDatabase implements DataSource {
    private final DataSource real;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile Predicate<Moment> fails = moment -> false;

    /** Around a commit. */
    public enum Moment {
        BEFORE_COMMIT,
        /** The database has committed but the answer is lost. */
        AFTER_COMMIT
    }

    public FaultyDatabase(DataSource real) {
        this.real = real;
    }

    /** From now on the node is dead to the database: it cannot even say good-bye. */
    public void cut() throws SQLException {
        refuseNew();
        for (Connection connection : open) {
            connection.abort(Runnable::run);
        }
    }

    /** From now on the node does nothing new; what it has open stays as it is. */
    public void refuseNew() {
        cut = true;
    }

    public void mend() {
        cut = false;
    }

    public void failing(Predicate<Moment> when) {
        fails = when;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (cut) {
            throw new SQLException("the line is cut", "08001");
        }
        Connection connection = real.getConnection();
        open.add(connection);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        fail(Moment.BEFORE_COMMIT);
                    }
                    if (method.getName().equals("close")) {
                        open.remove(connection);
                    }
                    Object result;
                    try {
                        result = method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                    if (method.getName().equals("commit")) {
                        fail(Moment.AFTER_COMMIT);
                    }
                    return result;
                });
    }

    private void fail(Moment moment) throws SQLException {
        if (fails.test(moment)) {
            throw new SQLException("disturbed " + moment, "08006");
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("one user only");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return real.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        real.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        real.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return real.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return real.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return real.isWrapperFor(type);
    }
}
