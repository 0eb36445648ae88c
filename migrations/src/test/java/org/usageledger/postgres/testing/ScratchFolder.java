package org.usageledger.postgres.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One folder for all servers of this JVM's tests, which every user can enter. When the JVM ends, however it ends, a
 * watcher ends every process that works in the folder and removes it.
 */
public final class ScratchFolder {

    // Blocks on its input, which ends with the JVM. Servers' processes work in their data folders.
    private static final String WATCHER = """
            trap '' INT TERM HUP
            read -r nothing
            kill_all() {
                for process in /proc/[0-9]*; do
                    case "$(readlink "$process/cwd" 2>/dev/null)" in
                        "$1"/*) kill -KILL "${process#/proc/}" ;;
                    esac
                done
                [ -d /proc/self ] && return
                for file in "$1"/*/postgresql/postmaster.pid; do
                    [ -f "$file" ] && kill -KILL "$(head -n 1 "$file")"
                done
            }
            for attempt in 1 2 3 4 5; do
                kill_all "$1"
                rm -rf "$1" && break
                sleep 1
            done
            """;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static @Nullable Path root;

    private ScratchFolder() {}

    /** A name in the folder that nothing has yet. */
    public static Path fresh(String name) {
        return root().resolve(name + "-" + NUMBER.incrementAndGet());
    }

    /** PostgreSQL's programs, kept between JVMs. */
    public static Path binaries() {
        Path kept = Path.of(System.getProperty("java.io.tmpdir"))
                .toAbsolutePath()
                .resolve("usage-ledger-test-binaries-" + System.getProperty("user.name"));
        try {
            if (Files.isDirectory(kept) && !Files.getOwner(kept).equals(Files.getOwner(root()))) {
                return root().resolve("binaries");
            }
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException("looking at " + kept, e);
        }
    }

    private static synchronized Path root() {
        if (root == null) {
            root = create();
        }
        return root;
    }

    private static Path create() {
        try {
            Path folder = Files.createTempDirectory("usage-ledger-tests-").toRealPath();
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            List<String> command = List.of("/bin/sh", "-c", WATCHER, "watcher", folder.toString());
            new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("making a folder for the tests' servers", e);
        }
    }
}
