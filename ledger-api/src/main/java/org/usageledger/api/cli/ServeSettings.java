package org.usageledger.api.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code serve} was told, by its options and the environment.
 *
 * @param data the folder of the embedded PostgreSQL; empty for the default of this user, and with a database of its own
 * @param database a PostgreSQL that is there already; empty for the embedded one
 * @param bind address to listen on
 * @param port 0 for any free one
 */
public record ServeSettings(Optional<Path> data, Optional<Database> database, String bind, int port) {
    /** Loopback: whoever may reach the machine's own interface may use the service. */
    public static final String DEFAULT_BIND = "127.0.0.1";

    public static final int DEFAULT_PORT = 8080;

    /**
     * A PostgreSQL that somebody else runs.
     *
     * @param url a JDBC URL
     * @param user empty if the URL names it
     * @param password empty if none is needed
     * @param owner the role that owns the tables and migrates them; empty if that is the user
     * @param ownerPassword empty if none is needed
     */
    public record Database(String url, String user, String password, String owner, String ownerPassword) {
        @Override
        public String toString() {
            return "a PostgreSQL as " + user;
        }
    }
}
