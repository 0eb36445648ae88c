package org.usageledger.postgres;

/** Addresses of an embedded server's databases. */
final class EmbeddedAddresses {

    // Only a server that knows the password's verifier can answer: it is never sent in the clear to whoever has the
    // port.
    private static final String PARAMETERS = "?requireAuth=scram-sha-256&connectTimeout=5&ApplicationName=usage-ledger";

    private EmbeddedAddresses() {}

    static DatabaseAddress administrator(int port, String secret) {
        // A server that is stopped in its tracks accepts connections and never answers.
        return new DatabaseAddress(url(port, "postgres") + "&socketTimeout=10", Cluster.SUPERUSER, secret);
    }

    static DatabaseAddress service(int port, String secret) {
        return new DatabaseAddress(url(port, "ledger"), ServiceRole.NAME, secret);
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + PARAMETERS;
    }
}
