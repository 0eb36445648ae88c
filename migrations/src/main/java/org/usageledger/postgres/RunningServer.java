package org.usageledger.postgres;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which process, if any, serves a cluster. Only the operating system is asked; nothing is signalled. */
sealed interface RunningServer {

    /** No process: no file, or one that a server left behind when it was ended by force. */
    record None() implements RunningServer {}

    /** The number in the file is a process's that is no server of this cluster: it was given out again. */
    record Stranger(long pid) implements RunningServer {}

    /** A server of this cluster, as far as the operating system can tell. */
    record Serving(PostmasterFile file) implements RunningServer {}

    static RunningServer of(DataFolder folder) {
        Optional<PostmasterFile> file = PostmasterFile.read(folder);
        if (file.isEmpty() || !alive(file.get().pid())) {
            return new None();
        }
        return serves(file.get(), folder)
                ? new Serving(file.get())
                : new Stranger(file.get().pid());
    }

    /** Whether the process runs: one that ended and whose end nobody asked for does not. */
    static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !endedUnnoticed(pid);
    }

    /** Whether the process has ended but is still listed, because nobody asked how it ended. */
    static boolean endedUnnoticed(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            String line = Files.readString(stat);
            return line.charAt(line.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            // No such file system, as on macOS, or gone in between, which the next look shows.
            return false;
        }
    }

    private static boolean serves(PostmasterFile file, DataFolder folder) {
        Path process = Path.of("/proc", Long.toString(file.pid()));
        if (!Files.isDirectory(process)) {
            return namedPostgres(file) && startedThen(file);
        }
        try {
            return Files.readString(process.resolve("comm")).startsWith("postgres")
                    && worksIn(process, folder.cluster());
        } catch (IOException e) {
            // Gone in between, which the next look shows.
            return false;
        }
    }

    private static boolean worksIn(Path process, Path cluster) throws IOException {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(cluster);
        } catch (AccessDeniedException e) {
            // Root in a container may lack the right to look; the command line is open to all.
            return List.of(Files.readString(process.resolve("cmdline")).split("\0"))
                    .contains(cluster.toString());
        }
    }

    private static boolean namedPostgres(PostmasterFile file) {
        return ProcessHandle.of(file.pid())
                .flatMap(handle -> handle.info().command())
                .map(command -> Path.of(command).getFileName().toString().equals("postgres"))
                .orElse(false);
    }

    private static boolean startedThen(PostmasterFile file) {
        Duration tolerance = Duration.ofSeconds(10);
        Instant then = Instant.ofEpochSecond(file.startedAtSecond());
        return ProcessHandle.of(file.pid())
                .flatMap(handle -> handle.info().startInstant())
                .map(start -> Duration.between(then, start).abs().compareTo(tolerance) < 0)
                .orElse(false);
    }
}
