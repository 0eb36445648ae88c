package org.usageledger.api.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The world as a command sees it; handed in, so that a test can be the terminal.
 *
 * @param outInteractive a person reads {@code out}: tables instead of NDJSON
 * @param errInteractive a person watches {@code err}: progress is worth drawing
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean outInteractive,
        boolean errInteractive) {
    private static final int OUT_BUFFER_BYTES = 1 << 16;

    /** The terminal of this process. Text is UTF-8 whatever the locale says: what is printed is data first. */
    public static Terminal ofProcess() {
        return new Terminal(
                System.in,
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BUFFER_BYTES),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                interactive(1),
                interactive(2));
    }

    /** A variable of the environment; one that is set to nothing counts as not set. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** Prints one line for a person, beside the data. */
    void say(String line) {
        out.flush();
        err.println(line);
    }

    private static boolean interactive(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.exists(link)) {
                String target = link.toRealPath().toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
        } catch (IOException e) {
            return false;
        }
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
}
