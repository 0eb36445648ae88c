package org.usageledger.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A PostgreSQL server that belongs to one service, with its data in that service's folder. It listens on the loopback
 * interface only, demands a password, writes every commit to disk before it answers, and outlives a service that is
 * ended by force; the next service on the folder takes it over. Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Duration PREPARATION = Duration.ofSeconds(30);

    private final Installation installation;
    private final DataFolderLock lock;
    private volatile ServerStart.Started started;
    private final Settings settings;
    private final String adminSecret;
    private final String ownerSecret;
    private final String serviceSecret;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgres(
            Installation installation, DataFolderLock lock, ServerStart.Started started, Settings settings)
            throws IOException {
        this.installation = installation;
        this.lock = lock;
        this.started = started;
        this.settings = settings;
        this.adminSecret = Secret.readOrCreate(installation.folder().adminSecret());
        this.ownerSecret = Secret.readOrCreate(installation.folder().ownerSecret());
        this.serviceSecret = Secret.readOrCreate(installation.folder().serviceSecret());
    }

    /**
     * What a server is started with.
     *
     * @param dataFolder holds the database, its secrets and its log; made if absent
     * @param binariesFolder where PostgreSQL's programs are unpacked to and found again; may be shared
     * @param startDeadline how long the server may take until it answers, recovery included
     * @param stopDeadline how long it may take to stop in order before it is stopped at once
     */
    public record Settings(
            Path dataFolder,
            Path binariesFolder,
            BinariesArchive archive,
            Duration startDeadline,
            Duration stopDeadline) {

        private static final Duration START = Duration.ofSeconds(90);
        private static final Duration STOP = Duration.ofSeconds(30);

        /** The PostgreSQL this build brings, with its programs inside the data folder: 90 s to start, 30 s to stop. */
        public static Settings in(Path dataFolder) {
            return new Settings(
                    dataFolder, dataFolder.resolve("binaries"), BinariesArchive.ofThisMachine(), START, STOP);
        }

        public Settings withBinaries(Path folder, BinariesArchive packed) {
            return new Settings(dataFolder, folder, packed, startDeadline, stopDeadline);
        }

        public Settings withDeadlines(Duration start, Duration stop) {
            return new Settings(dataFolder, binariesFolder, archive, start, stop);
        }
    }

    /**
     * Starts the server of a data folder, or takes over the one that runs there already.
     *
     * @param progress takes what the operator should know while waiting, a line each
     * @throws PostgresUnavailable if there is none to be had; the message says why
     */
    public static EmbeddedPostgres start(Settings settings, Consumer<String> progress) {
        DataFolder folder = DataFolder.open(settings.dataFolder());
        DataFolderLock lock = DataFolderLock.take(folder);
        boolean started = false;
        try {
            Deadline deadline = Deadline.in(settings.startDeadline());
            Installation installation = Installation.in(folder, settings, progress);
            String secret = Secret.readOrCreate(folder.adminSecret());
            ServerStart.Started server =
                    new ServerStart(installation, secret, deadline, settings.stopDeadline()).takeOverOrStart();
            EmbeddedPostgres postgres = new EmbeddedPostgres(installation, lock, server, settings);
            postgres.prepareForService();
            started = true;
            return postgres;
        } catch (IOException e) {
            throw new PostgresUnavailable("The secrets in " + folder.root() + " cannot be read or made: " + e, e);
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    private void prepareForService() {
        boolean ready = false;
        try {
            ensureRole();
            try (Connection service =
                    EmbeddedAddresses.within(PREPARATION, serviceAddress()).open()) {
                checkDurability(DurabilityCheck.verifyOwn(service));
            }
            ready = true;
        } catch (SQLException e) {
            throw new PostgresUnavailable(
                    "The role and database of the service on " + settings.dataFolder() + " could not be prepared: "
                            + e.getMessage(),
                    e);
        } finally {
            if (!ready) {
                new ServerStop(installation, settings.stopDeadline()).stop(started.pid());
            }
        }
    }

    private void checkDurability(Durability judged) {
        switch (judged) {
            case Durability.Durable(var warnings) ->
                warnings.forEach(
                        warning -> installation.progress().accept("Warning: of its own PostgreSQL, " + warning));
            case Durability.NotDurable(var reasons, var warnings) ->
                throw new PostgresUnavailable("PostgreSQL on " + settings.dataFolder()
                        + " could lose what it committed: " + Durability.sentence(reasons, warnings));
        }
    }

    private void ensureRole() throws SQLException {
        try (Connection administrator =
                EmbeddedAddresses.within(PREPARATION, adminAddress()).open()) {
            ServiceRole.ensure(administrator, ownerSecret, serviceSecret);
        }
    }

    /** The service's database, as the role that owns it: for migrations. */
    public DatabaseAddress address() {
        return EmbeddedAddresses.owner(started.port(), ownerSecret);
    }

    /** The same, as the role that serves: it is granted what it needs by migrations, and cannot change what was recorded. */
    public DatabaseAddress serviceAddress() {
        return EmbeddedAddresses.service(started.port(), serviceSecret);
    }

    /** The maintenance database, as the superuser: for administration only. */
    public DatabaseAddress adminAddress() {
        return EmbeddedAddresses.administrator(started.port(), adminSecret);
    }

    /**
     * The name of the service that the data folder belongs to, made at the first call and kept in the folder.
     *
     * @throws PostgresUnavailable if the file that holds it holds no name
     */
    public String nodeName() {
        return NodeFile.readOrCreate(installation.folder().node());
    }

    /** The server's first process. */
    public long pid() {
        return started.pid();
    }

    public int port() {
        return started.port();
    }

    /** Whether the server was running already when the service came. */
    public boolean takenOver() {
        return started.takenOver();
    }

    /** Whether the server's first process lives. */
    public boolean running() {
        return RunningServer.alive(started.pid());
    }

    /**
     * Starts the server again if it has ended without being asked to; does nothing otherwise. Where its port was taken meanwhile it listens on
     * another, which {@link #address} says.
     *
     * @return whether it had ended
     * @throws PostgresUnavailable if it does not start
     */
    public synchronized boolean restartIfEnded(Consumer<String> progress) {
        if (closed.get() || running()) {
            return false;
        }
        progress.accept("PostgreSQL (process " + pid() + ") has ended unasked, starting it again");
        Deadline deadline = Deadline.in(settings.startDeadline());
        started = new ServerStart(installation, adminSecret, deadline, settings.stopDeadline()).takeOverOrStart();
        return true;
    }

    /** The server's version, such as {@code 18.6}. */
    public String version() {
        return installation.version();
    }

    /** The last lines the server wrote to its log, at most {@code lines}. */
    public List<String> logTail(int lines) {
        return ServerLog.tail(installation.folder(), lines);
    }

    /** Stops the server in order, and at once if that takes too long; then gives the data folder free. */
    @Override
    public synchronized void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                new ServerStop(installation, settings.stopDeadline()).stop(started.pid());
            } finally {
                lock.close();
            }
        }
    }
}
