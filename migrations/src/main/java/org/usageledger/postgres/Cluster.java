package org.usageledger.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** PostgreSQL's own folder: made once, and recognised afterwards. */
final class Cluster {

    static final String SUPERUSER = "postgres";

    private static final Duration MAKING = Duration.ofMinutes(2);
    // The first major version that brings its own locales, which no update of the system's changes the order of.
    private static final int BUILTIN_LOCALE_SINCE = 17;

    private Cluster() {}

    /** @throws PostgresUnavailable if something else stands in its place */
    static boolean exists(DataFolder folder) {
        if (Files.exists(folder.cluster().resolve("PG_VERSION"))) {
            return true;
        }
        if (Files.exists(folder.cluster())) {
            throw new PostgresUnavailable("The folder " + folder.cluster()
                    + " is there but holds no PostgreSQL data: remove it if nothing in it is needed");
        }
        return false;
    }

    /** Prepares the folder the cluster is made in, so that it can be tried whether the server's user reaches it. */
    static Path prepare(DataFolder folder, ServerUser user) {
        Path unfinished = folder.unfinishedCluster();
        try {
            Folders.remove(unfinished);
            Files.createDirectory(unfinished);
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwx------"));
            user.own(unfinished);
            return unfinished;
        } catch (IOException e) {
            throw new PostgresUnavailable("The folder " + unfinished + " cannot be prepared: " + e, e);
        }
    }

    /** Makes the cluster in the prepared folder and moves it to its place as a whole. */
    static void make(
            DataFolder folder, ServerUser user, ServerBinaries binaries, int major, Consumer<String> progress) {
        progress.accept("creating the database in " + folder.root());
        Path passwordFile = folder.root().resolve("initdb.secret");
        try {
            try {
                Folders.createPrivate(passwordFile);
                Files.writeString(passwordFile, Secret.readOrCreate(folder.adminSecret()));
                user.own(passwordFile);
                List<String> command = user.command(initdb(folder, binaries, major, passwordFile));
                OneShot.Ended ended = OneShot.run(command, Deadline.in(MAKING));
                if (!ended.succeeded()) {
                    throw new PostgresUnavailable(
                            "The database in " + folder.root() + " could not be created: " + ended.text());
                }
            } finally {
                Files.deleteIfExists(passwordFile);
            }
            Files.move(folder.unfinishedCluster(), folder.cluster(), StandardCopyOption.ATOMIC_MOVE);
            Folders.sync(folder.root());
        } catch (IOException e) {
            throw new PostgresUnavailable("The database in " + folder.root() + " could not be created: " + e, e);
        }
    }

    private static List<String> initdb(DataFolder folder, ServerBinaries binaries, int major, Path passwordFile) {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + folder.unfinishedCluster(),
                "--username=" + SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--data-checksums"));
        if (major >= BUILTIN_LOCALE_SINCE) {
            command.addAll(List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        } else {
            command.add("--locale=C");
        }
        return command;
    }

    /** @throws PostgresUnavailable if another major version made the cluster, or its owner's secret is gone */
    static void check(DataFolder folder, int major) {
        try {
            String made =
                    Files.readString(folder.cluster().resolve("PG_VERSION")).strip();
            if (!made.equals(Integer.toString(major))) {
                throw new PostgresUnavailable("The data folder " + folder.root() + " holds data of PostgreSQL " + made
                        + " and this service brings PostgreSQL " + major
                        + ": run the service version that made it, or move the data with pg_upgrade first");
            }
            if (!Files.exists(folder.adminSecret())) {
                throw new PostgresUnavailable("The file " + folder.adminSecret()
                        + " is missing, and with it the password of the database: restore it from a backup");
            }
        } catch (IOException e) {
            throw new PostgresUnavailable("The database in " + folder.root() + " cannot be read: " + e, e);
        }
    }

    /** The number PostgreSQL gave the cluster when it was made, from the first bytes of its control file. */
    static long systemIdentifier(DataFolder folder) throws IOException {
        Path control = folder.cluster().resolve("global").resolve("pg_control");
        try (InputStream in = Files.newInputStream(control)) {
            byte[] bytes = in.readNBytes(Long.BYTES);
            if (bytes.length < Long.BYTES) {
                throw new IOException(control + " is cut short");
            }
            return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
        }
    }
}
