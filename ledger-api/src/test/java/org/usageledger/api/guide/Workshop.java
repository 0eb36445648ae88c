package org.usageledger.api.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A folder in which a reader's commands run: {@code ./ledger} is this build's command line, {@code java} this JDK's. */
final class Workshop implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Process> background = new ArrayList<>();
    private int outputs;

    Workshop(Path folder) {
        this.folder = folder;
        set("JDK_JAVA_OPTIONS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        script(folder.resolve("ledger"), command(java, "org.usageledger.api.Application"));
        Path tools = folder.resolve("tools");
        make(tools);
        // What begins with these two words is shown by ./ledger test.
        if (onPath("curl")) {
            System.out.println("Tests use this machine's curl for the guide's commands.");
        } else {
            System.out.println(
                    "Tests use a stand-in for curl, which this machine does not have, for the guide's commands.");
            script(tools.resolve("curl"), command(java, CurlStandIn.class.getName()));
        }
        set("PATH", Path.of(java).getParent() + ":" + tools + ":" + System.getenv("PATH"));
    }

    Path folder() {
        return folder;
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + name, e);
        }
    }

    /** What a finished command printed; its errors are those of the test. */
    String run(String script) {
        Path output = folder.resolve("output-" + ++outputs);
        Process process = start(output, "bash", "-euo", "pipefail", "-c", script);
        try {
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("not done within " + DEADLINE + ": " + script + "\n" + read(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + script, e);
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(
                    "exit code " + process.exitValue() + ": " + script + "\n" + read(output) + errors());
        }
        return read(output);
    }

    /** Starts what goes on until the workshop closes; bash becomes it, so that its end is the command's. */
    Background begin(String script) {
        Path output = folder.resolve("output-" + ++outputs);
        Process process = start(output, "bash", "-c", "exec " + script);
        background.add(process);
        return new Background(process, output);
    }

    /** A command that goes on. */
    record Background(Process process, Path output) {
        String printed() {
            return read(output);
        }
    }

    @Override
    public void close() {
        for (Process process : background.reversed()) {
            process.destroy();
            try {
                if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    private Process start(Path output, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors").toFile()));
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + String.join(" ", command), e);
        }
    }

    String errors() {
        Path file = folder.resolve("errors");
        return Files.exists(file) ? "\non the standard error:\n" + read(file) : "";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private static String command(String java, String main) {
        return "exec '" + java + "' --enable-native-access=ALL-UNNAMED"
                + " --sun-misc-unsafe-memory-access=allow -Daxoniq.update-checker.disabled=true -cp '"
                + System.getProperty("java.class.path") + "' " + main + " \"$@\"\n";
    }

    private static void script(Path file, String text) {
        try {
            Files.writeString(file, "#!/bin/sh\n" + text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }

    private static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("making " + folder, e);
        }
    }

    private static boolean onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
