package org.usageledger.jobs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;

/** A process's way to the database, which ends with it: in the middle of whatever it does, without a word. */
final class MortalLine {
    private final DataSource real;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean dead;

    MortalLine(DataSource real) {
        this.real = real;
    }

    /** As the process sees it. */
    DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("getConnection") || arguments != null) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return connection();
                });
    }

    private Connection connection() throws SQLException {
        if (dead) {
            throw new SQLException("this process is gone", "08001");
        }
        Connection kept = idle.poll();
        Connection connection = kept == null ? real.getConnection() : kept;
        open.add(connection);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        idle.add(connection);
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    boolean isDead() {
        return dead;
    }

    /** From now on the process reaches the database no more, and what it has open breaks off. */
    void die() {
        dead = true;
        for (Connection connection : open) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException("breaking off a connection", e);
            }
        }
    }
}
