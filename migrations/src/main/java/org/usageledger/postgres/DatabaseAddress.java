package org.usageledger.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and as whom to speak to it. {@code toString} never shows the password, nor the parameters of the
 * address, which may hold one too.
 *
 * @param url {@code jdbc:postgresql://host:port/database}
 */
public record DatabaseAddress(String url, String user, String password) {

    /** Opens a connection of its own, without a pool. */
    public Connection open() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return DriverManager.getConnection(url, properties);
    }

    /** Hands out a new connection each time it is asked, without a pool. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        // The detail of a fault repeats the row that was refused: what senders sent stays out of logs.
        source.setLogServerErrorDetail(false);
        return source;
    }

    /** The address without its parameters: fit to be shown. */
    public String shown() {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }

    @Override
    public String toString() {
        return "DatabaseAddress[" + shown() + ", user=" + user + "]";
    }
}
