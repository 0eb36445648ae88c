package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    @Test
    void a_senders_text_can_neither_begin_a_line_nor_steer_a_terminal() {
        String stop = Events.task("g-1\\nforged\\u001b[2J\\u2028", "t-1\\r\\nforged", "TASK_STOPPED", "RUNNING");
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        try (LiveService ledger = LiveService.start()) {
            System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
            LiveService.Answer answer = ledger.append(stop);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        } finally {
            System.setErr(before);
        }

        assertThat(written.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("forged")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("suppressed stop g-1?forged?[2J? of task t-1??forged ("));
    }
}
