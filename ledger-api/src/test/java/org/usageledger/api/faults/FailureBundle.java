package org.usageledger.api.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a failed process-level test leaves for whoever looks into it: seed, timeline, logs, and what differed. */
final class FailureBundle implements AutoCloseable {
    private final String name;
    private final List<String> timeline = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private boolean passed;

    FailureBundle(String name, long seed) {
        this.name = name + "-" + seed;
        note("seed " + seed + "; repeat with ./ledger test --seed " + seed);
    }

    synchronized void note(String event) {
        timeline.add(Instant.now() + " " + event);
    }

    /** A file that is copied if the test fails. */
    synchronized void include(Path file) {
        files.add(file);
    }

    synchronized void passed() {
        passed = true;
    }

    @Override
    public synchronized void close() {
        if (passed) {
            return;
        }
        Path folder = Path.of("target", "failures", name);
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("timeline.txt"), timeline);
            for (Path file : files) {
                if (Files.exists(file)) {
                    Files.copy(
                            file, folder.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("leaving a failure's traces in " + folder, e);
        }
        System.out.println("the traces of this failure are in " + folder.toAbsolutePath());
        timeline.forEach(System.out::println);
    }
}
