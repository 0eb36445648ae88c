package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.log.HeadWatch;
import org.usageledger.postgres.testing.Await;

/** Many readers who wait at once, and a service that stops meanwhile. */
@Timeout(300)
class WaitingReadersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Several times as many as the framework has threads for by default. */
    private static final int READERS = 10 * Runtime.getRuntime().availableProcessors();

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private static Socket reader(LiveService ledger) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), ledger.uri("/").getPort());
        socket.getOutputStream()
                .write(LiveService.bytes("GET /v1/events?wait=60s HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return socket;
    }

    private static List<Socket> allWaiting(LiveService ledger) throws IOException {
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(reader(ledger));
        }
        HeadWatch watch = ledger.context().getBean(HeadWatch.class);
        Await.untilTrue(PATIENCE, () -> watch.waiting() + " wait", () -> watch.waiting() == READERS);
        return readers;
    }

    private static void closeAll(List<Socket> readers) throws IOException {
        for (Socket reader : readers) {
            reader.close();
        }
    }

    /** Mutant: as many threads for requests as the framework gives them by default. */
    @Test
    void hold_up_nobody_who_appends_or_asks_how_the_service_does() throws IOException {
        try (LiveService ledger = LiveService.start()) {
            List<Socket> readers = allWaiting(ledger);

            assertThat(ledger.get("/health/readiness").status()).isEqualTo(200);
            assertThat(ledger.append(Events.started("w-1", "w-p1")).status()).isEqualTo(200);
            closeAll(readers);
        }
    }

    @Test
    void are_answered_when_the_service_stops() throws IOException {
        List<Socket> readers = new ArrayList<>();
        loggingTo(written, () -> {
            try (LiveService ledger = LiveService.start()) {
                readers.addAll(allWaiting(ledger));
            }
        });

        for (Socket reader : readers) {
            assertThat(new String(reader.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
        closeAll(readers);
        assertThat(written.toString(StandardCharsets.UTF_8)).doesNotContain("Exception");
    }

    @Test
    void who_went_away_before_it_stops_are_not_spoken_of() throws IOException {
        loggingTo(written, () -> {
            try (LiveService ledger = LiveService.start()) {
                closeAll(allWaiting(ledger));
            }
        });

        assertThat(written.toString(StandardCharsets.UTF_8)).doesNotContain("RejectedExecutionException");
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void loggingTo(ByteArrayOutputStream written, Work work) throws IOException {
        PrintStream before = System.err;
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
    }
}
