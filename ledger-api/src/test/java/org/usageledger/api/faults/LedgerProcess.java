package org.usageledger.api.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.TestDatabase;

/** A service in a process of its own, started as an operator starts it. */
final class LedgerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Pattern LISTENS = Pattern.compile("listens on (http\\S+)");

    private final Process process;
    private final Path output;
    private final URI address;

    private LedgerProcess(Process process, Path output, URI address) {
        this.process = process;
        this.output = output;
        this.address = address;
    }

    /** Starts on a data folder and waits until it answers. What it prints is appended to {@code output}. */
    static LedgerProcess start(Path data, Path output, Map<String, String> environment, String... jvmOptions) {
        return start(List.of("--data", data.toString()), output, environment, jvmOptions);
    }

    /** Starts one of several on a database that is there, under a name of its own, which its connections have too. */
    static LedgerProcess start(TestDatabase database, String node, Path output, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("LEDGER_NODE", node);
        all.put("LEDGER_DATABASE_URL", database.serviceAddress().url() + "&ApplicationName=" + node);
        all.put("LEDGER_DATABASE_USER", database.serviceAddress().user());
        all.put("LEDGER_DATABASE_PASSWORD", database.serviceAddress().password());
        all.put("LEDGER_DATABASE_OWNER", database.address().user());
        all.put("LEDGER_DATABASE_OWNER_PASSWORD", database.address().password());
        return start(List.of(), output, all);
    }

    private static LedgerProcess start(
            List<String> arguments, Path output, Map<String, String> environment, String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-Daxoniq.update-checker.disabled=true"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("org.usageledger.api.Application", "serve", "--port", "0"));
        command.addAll(arguments);
        try {
            long skip = Files.exists(output) ? Files.size(output) : 0;
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            builder.environment().putAll(environment);
            Process process = builder.start();
            return new LedgerProcess(process, output, awaitAddress(process, output, skip));
        } catch (IOException e) {
            throw new UncheckedIOException("starting a service with " + arguments, e);
        }
    }

    private static URI awaitAddress(Process process, Path output, long skip) {
        return Await.until(START, () -> {
            String text = tail(output, skip);
            Matcher matcher = LISTENS.matcher(text);
            if (matcher.find()) {
                return new Await.Seen.Ready<>(URI.create(matcher.group(1)));
            }
            return process.isAlive()
                    ? new Await.Seen.NotYet<>("it printed: " + text)
                    : new Await.Seen.Failed<>(new IllegalStateException("it ended and printed: " + text));
        });
    }

    private static String tail(Path file, long skip) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return new String(
                bytes,
                (int) Math.min(skip, bytes.length),
                (int) Math.max(0, bytes.length - skip),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    URI address() {
        return address;
    }

    Path output() {
        return output;
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL: nothing is flushed, nobody is told. */
    void kill9() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, and a clean end. */
    int stop() {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the service did not end within " + STOP + ", see " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a service was ending", e);
        }
    }

    /** The process id of the PostgreSQL that runs on a data folder, by its own lock file. */
    static Optional<Long> postmaster(Path data) {
        try (Stream<Path> files = Files.walk(data, 4)) {
            Optional<Path> lock =
                    files.filter(file -> file.endsWith("postmaster.pid")).findFirst();
            return lock.map(LedgerProcess::firstLine).map(Long::parseLong);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalStateException("looking for the server of " + data, e);
        }
    }

    private static String firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElseThrow().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
