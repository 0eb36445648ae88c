package org.usageledger.api.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.usageledger.api.LiveService;
import org.usageledger.postgres.testing.Await;

/** The guide's poller is killed while it works, again and again. */
@Timeout(300)
class PollerKilledProcessTest {
    private static final int ROUNDS = 3;
    private static final int EVENTS_A_ROUND = 2_000;
    /** Much less than the filing of a round takes. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final String EFFECTS = "events.body().forEach(this::file); // first the effects";
    private static final String CURSOR = "keep(next); // then the cursor";

    private final long seed = Long.getLong("ledger.seed", 4711);

    @Test
    void every_event_is_filed_once_under_its_position(@TempDir Path folder) throws IOException {
        try (LiveService service = LiveService.start()) {
            Map<String, String> recorded =
                    killedAgainAndAgain(service, folder, Guide.read().source("Poller.java"));

            assertThat(filed(folder)).as("seed " + seed).isEqualTo(recorded);
        }
    }

    /** The mutant: the cursor is kept before the effects. */
    @Test
    void one_that_keeps_the_cursor_first_loses_events(@TempDir Path folder) throws IOException {
        String poller = Guide.read().source("Poller.java");
        assertThat(poller).contains(EFFECTS).contains(CURSOR);
        String mutant = poller.replace(EFFECTS, "").replace(CURSOR, "keep(next);\n        " + EFFECTS);
        try (LiveService service = LiveService.start()) {
            Map<String, String> recorded = killedAgainAndAgain(service, folder, mutant);

            assertThat(filed(folder).size()).as("seed " + seed).isLessThan(recorded.size());
        }
    }

    /** Kills it in the middle of each round's events, lets it come to the end, and returns the guids by position. */
    private Map<String, String> killedAgainAndAgain(LiveService service, Path folder, String poller)
            throws IOException {
        Random chance = new Random(seed);
        Map<String, String> recorded = new TreeMap<>();
        try (Workshop workshop = new Workshop(folder)) {
            workshop.set("LEDGER_URL", service.uri("").toString());
            workshop.write("Poller.java", poller);
            for (int round = 0; round < ROUNDS; round++) {
                append(service, recorded);
                int victim = round * EVENTS_A_ROUND + 1 + chance.nextInt(EVENTS_A_ROUND / 2);
                killAt(workshop, folder.resolve("seen").resolve(String.valueOf(victim)));
            }
            String head = "at 1-" + recorded.size() + "-0";
            Workshop.Background last = workshop.begin("java Poller.java");
            Await.until(
                    DEADLINE,
                    () -> last.printed().contains(head)
                            ? new Await.Seen.Ready<>(head)
                            : new Await.Seen.NotYet<>("it printed " + last.printed() + workshop.errors()));
        }
        return recorded;
    }

    private static void killAt(Workshop workshop, Path file) {
        Process process = workshop.begin("java Poller.java").process();
        long giveUp = System.nanoTime() + DEADLINE.toNanos();
        while (!Files.exists(file) && process.isAlive() && System.nanoTime() < giveUp) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        process.destroyForcibly();
        assertThat(process.onExit().join().exitValue())
                .as("killed, not ended by itself" + workshop.errors())
                .isEqualTo(137);
        assertThat(file).exists();
    }

    private static void append(LiveService service, Map<String, String> recorded) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < EVENTS_A_ROUND; i++) {
            String guid = UUID.randomUUID().toString();
            recorded.put(String.valueOf(recorded.size() + 1), guid);
            lines.append("""
                    {"kind":"app","guid":"%s","created_at":"2026-01-01T08:00:00Z","state":{"current":"STARTED","previous":"STOPPED"},\
                    "app":{"guid":"a","name":"shop"},"process":{"guid":"p","type":"web"},"space":{"guid":"s","name":"prod"},\
                    "organization":{"guid":"o"},"memory_in_mb_per_instance":{"current":512},"instance_count":{"current":2}}
                    """.formatted(guid));
        }
        LiveService.Answer answer =
                service.post("/v1/events", "application/x-ndjson", LiveService.bytes(lines.toString()));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    /** The guid of what stands in each file. */
    private static Map<String, String> filed(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("seen"))) {
            for (Path file : files.toList()) {
                String guid = Files.readString(file).replaceFirst("(?s).*?\"guid\":\"([0-9a-f-]{36})\".*", "$1");
                found.put(file.getFileName().toString(), guid);
            }
        }
        return found;
    }
}
