package org.usageledger.jobs;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One connection of a thread's own, used again until it breaks. Not for several threads. */
final class KeptConnection {
    private final DataSource real;
    private final List<String> settings;
    private @Nullable Connection kept;

    /** @param settings statements that each connection begins with */
    KeptConnection(DataSource real, List<String> settings) {
        this.real = real;
        this.settings = List.copyOf(settings);
    }

    /** Hands it out; closing what it gives does nothing. */
    DataSource dataSource() {
        return proxy(DataSource.class, (_, method, arguments) -> {
            if (!method.getName().equals("getConnection") || arguments != null) {
                throw new UnsupportedOperationException(method.getName());
            }
            Connection connection = open();
            return proxy(Connection.class, (_, called, values) -> {
                if (called.getName().equals("close")) {
                    return null;
                }
                try {
                    return called.invoke(connection, values);
                } catch (InvocationTargetException e) {
                    throw e.getCause() == null ? e : e.getCause();
                }
            });
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler calls) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
    }

    private Connection open() throws SQLException {
        Connection connection = kept;
        if (connection != null && !connection.isClosed()) {
            return connection;
        }
        connection = real.getConnection();
        try (Statement statement = connection.createStatement()) {
            for (String setting : settings) {
                statement.execute(setting);
            }
        }
        kept = connection;
        return connection;
    }

    void close() {
        if (kept != null) {
            try {
                kept.close();
            } catch (SQLException e) {
                throw new IllegalStateException("closing a connection", e);
            }
        }
    }
}
