package org.usageledger.postgres.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.EmbeddedPostgres;

/**
 * An embedded server of one test's own, which the test may kill and start again on the same data. The address stays the
 * same unless another program takes the port in between.
 */
public final class PrivateServer implements AutoCloseable {

    private static final Duration DEATH = Duration.ofSeconds(20);

    private final EmbeddedPostgres.Settings settings;
    private EmbeddedPostgres server;

    private PrivateServer(EmbeddedPostgres.Settings settings, EmbeddedPostgres server) {
        this.settings = settings;
        this.server = server;
    }

    public static PrivateServer start(ServerVersion version) {
        EmbeddedPostgres.Settings settings = settings(version);
        return new PrivateServer(settings, EmbeddedPostgres.start(settings, message -> {}));
    }

    /** Settings for a server in a data folder that does not exist yet and is removed when the JVM ends. */
    public static EmbeddedPostgres.Settings settings(ServerVersion version) {
        return EmbeddedPostgres.Settings.in(ScratchFolder.fresh("private"))
                .withBinaries(ScratchFolder.binaries(), version.archive());
    }

    public DatabaseAddress address() {
        return server.address();
    }

    public DatabaseAddress adminAddress() {
        return server.adminAddress();
    }

    /** The server's first process. */
    public long pid() {
        return server.pid();
    }

    public Path dataFolder() {
        return settings.dataFolder();
    }

    public List<String> logTail(int lines) {
        return server.logTail(lines);
    }

    /** Ends the server's first process by force, as a crash does, and returns when it is gone. */
    public void kill9() {
        Signals.kill(server.pid());
        Await.untilTrue(DEATH, () -> "process " + server.pid() + " lives", () -> !server.running());
    }

    /** Starts the server again on the same data, stopped, killed or running; returns when it answers. */
    public void restart() {
        server.close();
        server = EmbeddedPostgres.start(settings, message -> {});
    }

    /** Stops the server in order. */
    @Override
    public void close() {
        server.close();
    }
}
