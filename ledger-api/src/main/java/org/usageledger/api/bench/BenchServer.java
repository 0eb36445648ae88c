package org.usageledger.api.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.EmbeddedPostgres;
import org.usageledger.postgres.Migrations;

/** A PostgreSQL of its own with the settings that the service runs on, in a folder that is gone afterwards. */
final class BenchServer implements AutoCloseable {
    private static final String CREATE_APPENDING = """
            create database bench_append owner ledger
            """;

    private static final String CREATE_FOLLOWING = """
            create database bench_follow owner ledger
            """;

    private static final String CREATE_RECORDING = """
            create database bench_record owner ledger
            """;

    /** With no others to wait for, every flush waits: what a slower disk would take. */
    private static final String DELAY_ALWAYS = """
            alter system set commit_siblings = 0
            """;

    private static final String DELAY_FLUSHES = """
            alter system set commit_delay = 2000
            """;

    private static final String NO_DELAY = """
            alter system reset commit_delay
            """;

    private static final String TAKE_SETTINGS = """
            select pg_reload_conf()
            """;

    private static final String CHECKPOINT = """
            checkpoint
            """;

    private final Path folder;
    private final EmbeddedPostgres postgres;

    private BenchServer(Path folder, EmbeddedPostgres postgres) {
        this.folder = folder;
        this.postgres = postgres;
    }

    /** @throws RunRefused if there is something in the folder: it would be deleted */
    static BenchServer start(Path folder, Consumer<String> progress) {
        if (Files.exists(folder)) {
            throw new RunRefused(
                    folder + " exists already: name a folder that does not with --data, for it is deleted afterwards.");
        }
        return new BenchServer(folder, EmbeddedPostgres.start(EmbeddedPostgres.Settings.in(folder), progress));
    }

    /** A ledger's database for appends alone, with the contenders' tables beside the ledger's own. */
    DatabaseAddress forAppending() throws SQLException {
        DatabaseAddress address = create(CREATE_APPENDING, "bench_append");
        Migrations.migrate(address);
        Migrations.addContenders(address);
        return address;
    }

    /** A database for a service that records. */
    DatabaseAddress forRecording() throws SQLException {
        return create(CREATE_RECORDING, "bench_record");
    }

    /** A database for a service whose projection follows. */
    DatabaseAddress forFollowing() throws SQLException {
        return create(CREATE_FOLLOWING, "bench_follow");
    }

    private DatabaseAddress create(String statement, String name) throws SQLException {
        administer(statement);
        DatabaseAddress own = postgres.address();
        return new DatabaseAddress(own.url().replaceFirst("/[^/]*$", "/" + name), own.user(), own.password());
    }

    /** Makes every flush take two milliseconds longer, or as long as the disk takes. */
    void delayFlushes(boolean delayed) throws SQLException {
        if (delayed) {
            administer(DELAY_ALWAYS, DELAY_FLUSHES, TAKE_SETTINGS);
        } else {
            administer(NO_DELAY, TAKE_SETTINGS);
        }
    }

    /** Writes out what is in memory only, so that one measure does not pay for another's pages. */
    void checkpoint() throws SQLException {
        administer(CHECKPOINT);
    }

    private void administer(String... statements) throws SQLException {
        try (Connection connection = postgres.adminAddress().open();
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    String version() {
        return postgres.version();
    }

    @Override
    public void close() {
        postgres.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + folder, e);
        }
    }
}
