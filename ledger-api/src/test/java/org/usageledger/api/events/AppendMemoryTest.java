package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.usageledger.api.LiveService.bytes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.event.EventLimits;
import org.usageledger.postgres.testing.Await;

class AppendMemoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long REQUEST_BYTES = 1 << 20;
    private static final int TOGETHER = 3;

    private final List<SlowSender> senders = new ArrayList<>();
    private LiveService ledger;

    @BeforeEach
    void start() {
        ledger = LiveService.start(settings -> settings.with(limits(PATIENCE)));
    }

    private static IngestLimits limits(Duration arrival) {
        return new IngestLimits(REQUEST_BYTES, 100, EventLimits.DEFAULT, TOGETHER * REQUEST_BYTES, arrival);
    }

    @AfterEach
    void stop() throws IOException {
        for (SlowSender sender : senders) {
            sender.close();
        }
        ledger.close();
    }

    private void holdAll() throws IOException {
        for (int i = 0; i < TOGETHER; i++) {
            senders.add(new SlowSender(ledger, "s-" + senders.size()));
        }
    }

    private Answer afterTheyHold() {
        Await.untilTrue(
                PATIENCE,
                () -> "an append is still taken",
                () -> ledger.append().status() != 200);
        return ledger.append(Events.started("e-next", "p-next"));
    }

    /** Mutant: no share taken. */
    @Test
    void held_by_slow_senders_the_next_is_told_to_come_back_and_taken_once_they_have_ended() throws IOException {
        holdAll();
        Answer refused = afterTheyHold();
        assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
        assertThat(refused.problem()).isEqualTo("overloaded");
        assertThat(refused.header("Retry-After")).isNotEmpty();

        for (SlowSender sender : senders) {
            assertThat(sender.end()).contains(" 200 ");
        }
        Answer taken = ledger.append(Events.started("e-next", "p-next"));
        assertThat(taken.json().path("recorded").asInt()).as(taken.toString()).isEqualTo(1);
    }

    /** Mutant: the share given back only where an answer was made. */
    @Test
    void comes_back_from_senders_that_break_off_and_from_requests_that_are_refused() throws IOException {
        holdAll();
        afterTheyHold();
        for (SlowSender sender : senders) {
            sender.close();
        }
        Await.untilTrue(
                PATIENCE, () -> "no append is taken", () -> ledger.append().status() == 200);
        for (int i = 0; i < 2 * TOGETHER; i++) {
            assertThat(ledger.post("/v1/events", "application/json", bytes("{"), "Content-Encoding", "gzip")
                            .status())
                    .isEqualTo(400);
        }

        senders.clear();
        holdAll();
        for (SlowSender sender : senders) {
            assertThat(sender.end()).contains(" 200 ");
        }
    }

    /** Mutants: no time after which a body is given up; a time for each wait instead of all of them. */
    @Test
    void comes_back_from_senders_whose_bodies_do_not_arrive_in_time_however_often_they_send_a_little()
            throws IOException {
        try (LiveService strict = ledger.another(settings -> settings.with(limits(Duration.ofSeconds(2))))) {
            SlowSender silent = new SlowSender(strict, "silent");
            SlowSender trickling = new SlowSender(strict, "trickling");
            senders.addAll(List.of(silent, trickling));
            Await.untilTrue(PATIENCE, () -> "no answer", trickling::sendsInVain);

            for (SlowSender sender : senders) {
                assertThat(sender.rest())
                        .startsWith("HTTP/1.1 408 ")
                        .containsIgnoringCase("connection: close")
                        .contains("application/problem+json", "urn:usage-ledger:problem:body-too-slow");
            }
            assertThat(strict.append(Events.started("e-next", "p-next")).status())
                    .isEqualTo(200);
            assertThat(strict.get("/v1/events?limit=10").text())
                    .doesNotContain("e-silent")
                    .doesNotContain("e-trickling");
        }
    }

    /** A request whose length is not told, and whose end waits until it is asked for. */
    private static final class SlowSender implements AutoCloseable {
        private final Socket socket;

        SlowSender(LiveService ledger, String name) throws IOException {
            socket =
                    new Socket(InetAddress.getLoopbackAddress(), ledger.uri("/").getPort());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            send(String.join(
                    "\r\n",
                    "POST /v1/events HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: application/x-ndjson",
                    "Transfer-Encoding: chunked",
                    "",
                    ""));
            String event = Events.started("e-" + name, "p-" + name) + "\n";
            send(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
        }

        private void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }

        /** Sends one more byte of nothing unless there is an answer already. */
        boolean sendsInVain() {
            try {
                if (socket.getInputStream().available() == 0) {
                    send("1\r\n\n\r\n");
                    return false;
                }
                return true;
            } catch (IOException _) {
                return true;
            }
        }

        /** Everything that comes until the service closes the connection. */
        String rest() throws IOException {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        /** Ends the request; the answer's first line. */
        String end() throws IOException {
            send("0\r\n\r\n");
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return String.valueOf(answer.readLine());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
