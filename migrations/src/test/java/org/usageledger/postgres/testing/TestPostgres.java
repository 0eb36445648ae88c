package org.usageledger.postgres.testing;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/**
 * The PostgreSQL servers that the tests of this JVM share: in a container where an engine answers, else embedded. Each
 * is started when it is first asked for, and ends with the JVM.
 */
public final class TestPostgres {

    private static final Map<ServerVersion, TestServer> SERVERS = new EnumMap<>(ServerVersion.class);

    private TestPostgres() {}

    /** A migrated, empty database on the newest PostgreSQL. */
    public static TestDatabase newDatabase() {
        return server().newDatabase();
    }

    /** The newest PostgreSQL, which the service brings. */
    public static TestServer server() {
        return server(ServerVersion.NEWEST);
    }

    /** PostgreSQL 15, the oldest that is supported. */
    public static TestServer server15() {
        return server(ServerVersion.OLDEST);
    }

    public static synchronized TestServer server(ServerVersion version) {
        return SERVERS.computeIfAbsent(version, TestPostgres::start);
    }

    private static TestServer start(ServerVersion version) {
        try {
            TestServer server = new TestServer(
                    ContainerBackend.possible() ? ContainerBackend.start(version) : EmbeddedBackend.start(version));
            System.out.println("Tests use " + server.description());
            return server;
        } catch (SQLException e) {
            throw new IllegalStateException("starting a PostgreSQL for tests", e);
        }
    }
}
