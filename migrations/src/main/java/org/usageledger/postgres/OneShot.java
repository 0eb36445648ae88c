package org.usageledger.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program to its end, or starts one and looks at it later. Its environment is empty but for a path, the C locale
 * and UTC, so that nothing of the caller's settings reaches PostgreSQL; its working directory is the root folder, which
 * every user can enter.
 */
final class OneShot implements AutoCloseable {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin", "LC_ALL", "C", "TZ", "UTC");

    private final Process process;
    private final Path output;
    private final String program;

    private OneShot(Process process, Path output, String program) {
        this.process = process;
        this.output = output;
        this.program = program;
    }

    /** @param text what the program wrote, standard output and error together */
    record Ended(int exitCode, String text) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    static OneShot start(List<String> command) {
        try {
            // To a file, not a pipe: a server started through the program would keep a pipe open.
            Path output = Files.createTempFile("usage-ledger-", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(ENVIRONMENT);
            return new OneShot(begin(builder, output), output, command.getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + command.getFirst(), e);
        }
    }

    private static Process begin(ProcessBuilder builder, Path output) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            Files.deleteIfExists(output);
            throw e;
        }
    }

    /** Runs {@code command} to its end; ends it by force and fails if the deadline passes first. */
    static Ended run(List<String> command, Deadline deadline) {
        try (OneShot running = start(command)) {
            return running.await(deadline);
        }
    }

    boolean running() {
        return process.isAlive();
    }

    Ended await(Deadline deadline) {
        try {
            if (!process.waitFor(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PostgresUnavailable(program + " did not come to an end in time: " + text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresUnavailable("Waiting for " + program + " was interrupted", e);
        }
        return new Ended(process.exitValue(), text());
    }

    String text() {
        try {
            return Files.readString(output).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("reading what " + program + " wrote", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException("removing the output of " + program, e);
        }
    }
}
