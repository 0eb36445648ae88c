package org.usageledger.postgres.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Signals to processes that a test started. */
public final class Signals {

    private static final Duration EFFECT = Duration.ofSeconds(10);
    private static final Path PROCESSES = Path.of("/proc");

    private Signals() {}

    /** A process that does nothing until this is closed. */
    public record Frozen(long pid) implements AutoCloseable {

        /** Lets the process go on; nothing happens if it is gone. */
        @Override
        public void close() {
            if (ProcessHandle.of(pid).isPresent()) {
                send("-CONT", pid);
            }
        }
    }

    /** Stops a process in its tracks and returns when it stands. */
    public static Frozen freeze(long pid) {
        send("-STOP", pid);
        if (Files.isDirectory(PROCESSES)) {
            Await.untilTrue(EFFECT, () -> "process " + pid + " is in state " + state(pid), () -> state(pid) == 'T');
        }
        return new Frozen(pid);
    }

    /** Ends a process by force. */
    public static void kill(long pid) {
        send("-KILL", pid);
    }

    /** Asks a process to end. */
    public static void terminate(long pid) {
        send("-TERM", pid);
    }

    private static char state(long pid) throws IOException {
        String line = Files.readString(PROCESSES.resolve(Long.toString(pid)).resolve("stat"));
        return line.charAt(line.lastIndexOf(')') + 2);
    }

    private static void send(String signal, long pid) {
        try {
            int exit = new ProcessBuilder(List.of("kill", signal, Long.toString(pid)))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill " + signal + " " + pid + " failed");
            }
        } catch (IOException e) {
            throw new IllegalStateException("sending " + signal + " to process " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal + " to process " + pid, e);
        }
    }
}
