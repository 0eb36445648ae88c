package org.usageledger.postgres.testing;

import java.util.List;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.EmbeddedPostgres;

/** A server of the launcher's own. */
record EmbeddedBackend(EmbeddedPostgres server) implements ServerBackend {

    static EmbeddedBackend start(ServerVersion version) {
        EmbeddedPostgres.Settings settings = EmbeddedPostgres.Settings.in(ScratchFolder.fresh("shared"))
                .withBinaries(ScratchFolder.binaries(), version.archive());
        return new EmbeddedBackend(EmbeddedPostgres.start(settings, message -> {}));
    }

    @Override
    public DatabaseAddress administrator() {
        return server.adminAddress();
    }

    @Override
    public DatabaseAddress service(String database) {
        return on(database, server.address());
    }

    @Override
    public DatabaseAddress restricted(String database) {
        return on(database, server.serviceAddress());
    }

    private static DatabaseAddress on(String database, DatabaseAddress ledger) {
        return new DatabaseAddress(
                ledger.url().replace("/ledger?", "/" + database + "?"), ledger.user(), ledger.password());
    }

    @Override
    public List<String> logTail(int lines) {
        return server.logTail(lines);
    }

    @Override
    public String description() {
        return "PostgreSQL " + server.version() + ", embedded";
    }
}
