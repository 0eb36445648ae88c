package org.usageledger.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
    private static final String SCHEME = "jdbc:postgresql:";

    private static final String ROLE = """
            select current_user
            """;

    /**
     * Whether this is an address of the form above, and none that holds a password where addresses are shown and logged: a driver repeats
     * what it cannot read.
     */
    public static boolean isOne(String url) {
        return url.startsWith(SCHEME) && whole(url).indexOf('@') < 0;
    }

    private static String whole(String url) {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }

    /** The role that a connection has, which the address may name past {@code user}. */
    String role() throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ROLE)) {
            row.next();
            return row.getString(1);
        }
    }

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

    /** The address without its parameters and whatever stands before a host: fit to be shown. */
    public String shown() {
        if (!url.startsWith(SCHEME)) {
            return "an address that is not " + SCHEME;
        }
        String whole = whole(url);
        int before = whole.lastIndexOf('@');
        return before < 0 ? whole : SCHEME + "//" + whole.substring(before + 1);
    }

    @Override
    public String toString() {
        return "DatabaseAddress[" + shown() + ", user=" + user + "]";
    }
}
