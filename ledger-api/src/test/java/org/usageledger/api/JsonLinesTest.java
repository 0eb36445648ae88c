package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class JsonLinesTest {

    private static List<String> logged(String message, Throwable fault) throws Exception {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(MDC.getMDCAdapter());
        context.putProperty("LEDGER_LOG_FORMAT", "json");
        context.putProperty("node", "node-7");
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try (var _ = MDC.putCloseable("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")) {
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Objects.requireNonNull(JsonLinesTest.class.getResource("/logback.xml")));
            context.getLogger("org.usageledger.test").warn(message, fault);
        } finally {
            System.setErr(before);
        }
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getEffectiveLevel() >= Status.WARN);
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void a_line_is_one_object_that_names_node_trace_and_thread_whatever_a_sender_wrote() throws Exception {
        List<String> lines = logged("first\nforged \u001b[2J", new IllegalStateException("why"));

        assertThat(lines).hasSize(1);
        JsonNode line = new ObjectMapper().readTree(lines.getFirst());
        assertThat(line.path("message").asText()).isEqualTo("first\nforged \u001b[2J");
        assertThat(line.path("stack_trace").asText()).contains("IllegalStateException: why");
        assertThat(line.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        Map.of(
                        "level", "WARN",
                        "logger", "org.usageledger.test",
                        "node", "node-7",
                        "trace_id", "4bf92f3577b34da6a3ce929d0e0e4736",
                        "thread", Thread.currentThread().getName())
                .forEach((name, value) ->
                        assertThat(line.path(name).asText()).as(name).isEqualTo(value));
    }
}
