package org.usageledger.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;

/**
 * The layout of the folder that holds everything a service keeps.
 *
 * @param root the folder as it was resolved, without links
 */
record DataFolder(Path root) {

    // pg_ctl passes the path to a shell inside double quotes.
    private static final Pattern UNFIT = Pattern.compile("[\"$`\\\\\\n]");

    static DataFolder open(Path named) {
        Path wanted = named.toAbsolutePath().normalize();
        if (UNFIT.matcher(wanted.toString()).find()) {
            throw new PostgresUnavailable("The data folder " + wanted
                    + " has a character in its name that a shell would interpret: choose another name");
        }
        try {
            if (!Files.isDirectory(wanted)) {
                Files.createDirectories(wanted);
                // Others may pass through: the server's user must reach its own folder inside, which only it may enter.
                Files.setPosixFilePermissions(wanted, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return new DataFolder(wanted.toRealPath());
        } catch (IOException e) {
            throw new PostgresUnavailable(
                    "The data folder " + wanted + " cannot be used (" + e + "): choose another or mend its permissions",
                    e);
        }
    }

    Path cluster() {
        return root.resolve("postgresql");
    }

    /** Where a cluster is made before it is moved to its place as a whole. */
    Path unfinishedCluster() {
        return root.resolve("postgresql.unfinished");
    }

    Path lock() {
        return root.resolve("service.lock");
    }

    Path port() {
        return root.resolve("postgresql.port");
    }

    Path adminSecret() {
        return root.resolve("postgresql-admin.secret");
    }

    Path ownerSecret() {
        return root.resolve("postgresql-ledger.secret");
    }

    Path serviceSecret() {
        return root.resolve("postgresql-ledger-service.secret");
    }

    Path node() {
        return root.resolve("node");
    }

    Path binaries() {
        return root.resolve("binaries");
    }

    Path logs() {
        return cluster().resolve("log");
    }

    /** What the server wrote before its own log was open. */
    Path startLog() {
        return cluster().resolve("start.log");
    }
}
