package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;

class CutShortTest {
    private static final String PRUNE_NEARLY_ALL = """
            with head as (
              update ledger_head
              set
                retention_step = 1,
                pruned_up_to = head - 1,
                pruned_count = head - 1
              returning head
            )
            insert into retention_step (step, deleted_up_to)
            select
              1,
              head - 1
            from head
            """;

    @Test
    void a_stream_that_retention_overtakes_breaks_off_without_its_end() throws IOException, SQLException {
        try (LiveService ledger = LiveService.start()) {
            int recorded = 0;
            for (int request = 0; request < 5; request++) {
                recorded += record(ledger, request);
            }
            try (Socket reader = slowReader(ledger)) {
                InputStream in = reader.getInputStream();
                String begin = new String(in.readNBytes(4096), StandardCharsets.UTF_8);
                assertThat(begin).startsWith("HTTP/1.1 200").containsIgnoringCase("transfer-encoding: chunked");
                prune(ledger);
                String rest = new String(readWhatComes(in), StandardCharsets.UTF_8);

                assertThat(rest).doesNotEndWith("\r\n0\r\n\r\n");
                assertThat(rest.lines()
                                .filter(line -> line.startsWith("{\"position\""))
                                .count())
                        .isLessThan(recorded);
            }
            assertThat(ledger.get("/health").status()).isEqualTo(200);
            assertThat(ledger.get("/prometheus").text())
                    .contains("\nledger_http_cut_short_total{reason=\"fault\"} 1.0\n");
        }
    }

    /** About 6 MB: many times what the connection's buffers hold. */
    private static int record(LiveService ledger, int request) {
        StringBuilder lines = new StringBuilder();
        String padding = "n".repeat(500);
        int events = 5_000;
        for (int i = 0; i < events; i++) {
            String guid = request + "-" + i;
            lines.append(Events.started(guid, guid).replace("shop", padding)).append('\n');
        }
        var answer = ledger.post("/v1/events", "application/x-ndjson", LiveService.bytes(lines.toString()));
        assertThat(answer.status()).isEqualTo(200);
        return events;
    }

    private static Socket slowReader(LiveService ledger) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.setSoTimeout(60_000);
        socket.connect(
                new InetSocketAddress(ledger.uri("/").getHost(), ledger.uri("/").getPort()));
        socket.getOutputStream().write(LiveService.bytes("""
                GET /v1/events HTTP/1.1
                Host: localhost
                Accept: application/x-ndjson

                """.replace("\n", "\r\n")));
        return socket;
    }

    private static byte[] readWhatComes(InputStream in) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                all.write(buffer, 0, got);
            }
        } catch (IOException e) {
            // A reset is one way in which a connection breaks off.
        }
        return all.toByteArray();
    }

    private static void prune(LiveService ledger) throws SQLException {
        try (Connection connection = ledger.database().open();
                Statement sql = connection.createStatement()) {
            sql.execute(PRUNE_NEARLY_ALL);
        }
    }
}
