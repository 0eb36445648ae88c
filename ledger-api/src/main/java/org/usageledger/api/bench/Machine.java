package org.usageledger.api.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What was measured on, in words: figures of other machines are other figures. */
record Machine(String words) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    static Machine here(String postgres) {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(String.format(
                Locale.ROOT,
                "%d cores%s, %s %s, Java %s with a heap of %d MiB, PostgreSQL %s",
                runtime.availableProcessors(),
                processor(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.version(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax() >> 20,
                postgres));
    }

    private static String processor() {
        if (!Files.isReadable(PROCESSORS)) {
            return "";
        }
        try (var lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> " (" + line.replaceFirst("^[^:]*:\\s*", "") + ")")
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
