package org.usageledger.postgres;

import java.time.Duration;

/** Addresses of an embedded server's databases. */
final class EmbeddedAddresses {

    // Only a server that knows the password's verifier can answer: it is never sent in the clear to whoever has the
    // port.
    private static final String PARAMETERS =
            "?requireAuth=scram-sha-256&sslmode=disable&gssEncMode=disable&connectTimeout=5&ApplicationName=usage-ledger";

    private EmbeddedAddresses() {}

    static DatabaseAddress administrator(int port, String secret) {
        return new DatabaseAddress(url(port, "postgres"), Cluster.SUPERUSER, secret);
    }

    static DatabaseAddress owner(int port, String secret) {
        return new DatabaseAddress(url(port, "ledger"), ServiceRole.OWNER, secret);
    }

    static DatabaseAddress service(int port, String secret) {
        return new DatabaseAddress(url(port, "ledger"), ServiceRole.NAME, secret);
    }

    /** The same address for one who must not wait longer than {@code answer} for any answer. */
    static DatabaseAddress within(Duration answer, DatabaseAddress address) {
        // A server that is stopped in its tracks accepts connections and never answers.
        String url = address.url() + "&socketTimeout=" + Math.max(1, answer.toSeconds());
        return new DatabaseAddress(url, address.user(), address.password());
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + PARAMETERS;
    }
}
