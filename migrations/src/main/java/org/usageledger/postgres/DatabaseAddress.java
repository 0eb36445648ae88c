package org.usageledger.postgres;

/**
 * Where a database is and who asks.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://host:port/name}
 */
public record DatabaseAddress(String url, String user, String password) {

    /** Without the password: this goes to logs. */
    @Override
    public String toString() {
        return user + "@" + url;
    }
}
