package org.usageledger.postgres;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.ScratchFolder;
import org.usageledger.postgres.testing.Signals;

/** A {@link ServiceStandIn} in a process of its own, and what it printed. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> printed = new CopyOnWriteArrayList<>();

    private ServiceProcess(Process process) {
        this.process = process;
    }

    static ServiceProcess start(EmbeddedPostgres.Settings settings) throws IOException {
        return start(settings, List.of(), System.getProperty("java.class.path"));
    }

    /** The same under another user, who may not be able to read where this process's classes are. */
    static ServiceProcess startAs(ServerUser user, EmbeddedPostgres.Settings settings) throws IOException {
        return start(settings, user.command(List.of()), readableByAll());
    }

    private static ServiceProcess start(EmbeddedPostgres.Settings settings, List<String> prefix, String classPath)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                ServiceStandIn.class.getName(),
                settings.dataFolder().toString(),
                settings.binariesFolder().toString()));
        ServiceProcess service = new ServiceProcess(new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start());
        Thread.ofVirtual().start(service::read);
        return service;
    }

    private static String readableByAll() throws IOException {
        Path copies = Files.createDirectories(ScratchFolder.fresh("classes"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path original = Path.of(entry);
            if (!entry.isEmpty() && Files.exists(original)) {
                Path copy = copies.resolve(entries.size() + "-" + original.getFileName());
                copy(original, copy);
                entries.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path original, Path copy) throws IOException {
        try (Stream<Path> all = Files.walk(original)) {
            for (Path one : all.toList()) {
                Path target = copy.resolve(original.relativize(one).toString());
                Files.copy(one, target);
                boolean folder = Files.isDirectory(target);
                Files.setPosixFilePermissions(
                        target, PosixFilePermissions.fromString(folder ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(printed::add);
        } catch (IOException | UncheckedIOException e) {
            printed.add("(reading ended: " + e + ")");
        }
    }

    long pid() {
        return process.pid();
    }

    List<String> printed() {
        return List.copyOf(printed);
    }

    /**
     * What the service says once it is ready.
     *
     * @param server the database server's process
     */
    record Ready(long server, int port, boolean takenOver) {}

    Ready awaitReady() {
        String[] words = awaitLine("ready ").split(" ", -1);
        return new Ready(Long.parseLong(words[1]), Integer.parseInt(words[2]), Boolean.parseBoolean(words[3]));
    }

    String awaitLine(String beginning) {
        return Await.<String>until(LONG, () -> {
            Optional<String> line =
                    printed.stream().filter(one -> one.startsWith(beginning)).findFirst();
            if (line.isPresent()) {
                return new Await.Seen.Ready<>(line.get());
            }
            return process.isAlive()
                    ? new Await.Seen.NotYet<>("printed " + printed)
                    : new Await.Seen.Failed<>(new IllegalStateException("it ended after printing " + printed));
        });
    }

    void kill9() {
        process.destroyForcibly();
        awaitEnd();
    }

    void terminate() {
        Signals.terminate(process.pid());
        awaitEnd();
    }

    void awaitEnd() {
        try {
            if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the service does not end; it printed " + printed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
