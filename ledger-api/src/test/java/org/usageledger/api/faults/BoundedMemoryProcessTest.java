package org.usageledger.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.usageledger.postgres.testing.ScratchFolder;

/**
 * A service and a command line of 256 MiB each take in and give out more than they could hold: 20,000 large events (260 MB), or 1,000,000 usual
 * ones (800 MB) with {@code -Dledger.soak=true}.
 */
class BoundedMemoryProcessTest {
    private static final boolean SOAK = Boolean.getBoolean("ledger.soak");
    private static final int EVENTS = SOAK ? 1_000_000 : 20_000;
    private static final String SPACE = SOAK ? "dev" : "dev".repeat(4_000);

    @Test
    void a_file_goes_in_by_append_and_out_as_one_stream() throws IOException, InterruptedException {
        long seed = Long.getLong("ledger.seed", System.nanoTime());
        Path folder = Files.createDirectories(ScratchFolder.fresh("bounded-memory"));
        Path output = folder.resolve("service.log");
        try (FailureBundle bundle = new FailureBundle("bounded-memory", seed)) {
            bundle.include(output);
            Path events = write(folder.resolve("events.ndjson"), new Random(seed));
            try (LedgerProcess service = LedgerProcess.start(folder.resolve("data"), output, Map.of(), "-Xmx256m")) {
                long begun = System.nanoTime();
                assertThat(CommandLine.run(service.address(), events, "append", "-"))
                        .isZero();
                bundle.note("in after " + seconds(begun) + " s");
                begun = System.nanoTime();
                WholeFeed feed = WholeFeed.read(service.address());
                bundle.note("out after " + seconds(begun) + " s");
                assertThat(feed.size()).isEqualTo(EVENTS);
                assertThat(Files.readString(output)).doesNotContain("OutOfMemoryError");
                System.out.println("bounded memory: " + EVENTS + " events, " + Files.size(events) / 1_000_000
                        + " MB, in and out of a service with 256 MiB");
                bundle.passed();
            }
        }
    }

    private static long seconds(long begun) {
        return (System.nanoTime() - begun) / 1_000_000_000;
    }

    private static Path write(Path file, Random random) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < EVENTS; i++) {
                writer.write(event(random));
                writer.newLine();
            }
        }
        return file;
    }

    private static String event(Random random) {
        String guid = new UUID(random.nextLong(), random.nextLong()).toString();
        String process = new UUID(random.nextLong(), random.nextLong()).toString();
        return """
                {"kind":"app","guid":"%s","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",\
                "state":{"current":"STARTED","previous":"STOPPED"},"app":{"guid":"%s","name":"shop"},\
                "process":{"guid":"%s","type":"web"},"space":{"guid":"5e28f12f-9d80-473e-b826-537b148eb338","name":"%s"},\
                "organization":{"guid":"036444f4-f2f5-4ea8-a353-e73330ca0f0a"},\
                "buildpack":{"guid":"34916716-31d7-40c1-9afd-f312996c9654","name":"ruby_buildpack"},\
                "task":{"guid":null,"name":null},"memory_in_mb_per_instance":{"current":512,"previous":256},\
                "instance_count":{"current":10,"previous":5},\
                "links":{"self":{"href":"https://api.example.org/v3/app_usage_events/%s"}}}""".formatted(guid, process, process, SPACE, guid);
    }
}
