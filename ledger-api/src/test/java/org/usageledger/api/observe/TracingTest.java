package org.usageledger.api.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;

class TracingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final byte[] EVENT = LiveService.bytes("{\"events\":[" + Events.started("t-1", "t-p1") + "]}");

    @Nested
    class With_spans_sent_somewhere {
        private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();
        private static LiveService ledger;

        @BeforeAll
        static void start() {
            ledger = LiveService.traced(new TraceSettings(Optional.of(() -> SPANS), 1, "test"));
        }

        @AfterAll
        static void stop() {
            ledger.close();
        }

        private static List<SpanData> named(String name) {
            return SPANS.getFinishedSpanItems().stream()
                    .filter(span -> span.getName().equals(name))
                    .toList();
        }

        private static void await(Await.Condition condition) {
            Await.untilTrue(PATIENCE, () -> SPANS.getFinishedSpanItems().toString(), condition);
        }

        @Test
        void a_senders_trace_leads_through_its_request_to_the_transaction_that_recorded_it() {
            Answer answer = ledger.post("/v1/events", "application/json", EVENT, "traceparent", PARENT);

            assertThat(answer.status()).isEqualTo(200);
            await(() -> named("POST /v1/events").stream()
                    .anyMatch(request -> request.getTraceId().equals(TRACE)
                            && request.getParentSpanId().equals("00f067aa0ba902b7")
                            && answer.header("traceresponse").contains(request.getSpanId())
                            && isLinked(request)));
        }

        private static boolean isLinked(SpanData request) {
            return named("append transaction").stream()
                    .flatMap(transaction -> transaction.getLinks().stream())
                    .map(LinkData::getSpanContext)
                    .anyMatch(link ->
                            link.getTraceId().equals(TRACE) && link.getSpanId().equals(request.getSpanId()));
        }

        @Test
        void windows_and_steps_have_spans_of_their_own() {
            ledger.append(Events.started("t-w", "t-wp"));
            ledger.post(
                    "/v1/jobs/rebuild/executions",
                    "application/json",
                    LiveService.bytes("{\"projection\":\"running\",\"request_key\":\"traces\"}"));

            await(() ->
                    !named("projection window").isEmpty() && !named("job step").isEmpty());
        }
    }

    @Nested
    class With_spans_sent_nowhere {
        private static LiveService ledger;

        @BeforeAll
        static void start() {
            ledger = LiveService.start();
        }

        @AfterAll
        static void stop() {
            ledger.close();
        }

        @Test
        void an_answer_names_its_senders_trace() {
            assertThat(ledger.get("/v1/events", "traceparent", PARENT).header("traceresponse"))
                    .matches("00-" + TRACE + "-[0-9a-f]{16}-01");
        }

        @Test
        void a_refusal_does_too() {
            assertThat(ledger.get("/nowhere", "traceparent", PARENT).header("traceresponse"))
                    .startsWith("00-" + TRACE + "-");
            assertThat(ledger.get("/v1/events?nonsense=1", "traceparent", PARENT)
                            .header("traceresponse"))
                    .startsWith("00-" + TRACE + "-");
        }

        @Test
        void what_is_no_trace_gets_a_new_one() {
            List<String> wrong = List.of(
                    "00-" + TRACE.toUpperCase(Locale.ROOT) + "-00f067aa0ba902b7-01",
                    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                    "00-" + TRACE + "-0000000000000000-01",
                    "ff-" + TRACE + "-00f067aa0ba902b7-01",
                    TRACE,
                    "00-" + TRACE);
            wrong.forEach(parent -> assertThat(
                            ledger.get("/v1/events", "traceparent", parent).header("traceresponse"))
                    .as(parent)
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
                    .doesNotContainIgnoringCase(TRACE)
                    .doesNotContain("00000000000000000000000000000000"));
        }

        @Test
        void two_traces_are_none() {
            assertThat(ledger.get("/v1/events", "traceparent", PARENT, "traceparent", PARENT.replace('4', '5'))
                            .header("traceresponse"))
                    .doesNotContain(TRACE)
                    .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        }

        @Test
        void so_do_the_lines_that_are_logged_while_an_answer_is_written() throws Exception {
            Logger pump = (Logger) LoggerFactory.getLogger("org.usageledger.api.http.BodyPump");
            Level before = pump.getLevel();
            ListAppender<ILoggingEvent> lines = new ListAppender<>();
            lines.list = new CopyOnWriteArrayList<>();
            lines.start();
            pump.setLevel(Level.DEBUG);
            pump.addAppender(lines);
            try {
                ledger.client()
                        .send(
                                ledger.request("/v1/events/stream", "traceparent", PARENT)
                                        .build(),
                                HttpResponse.BodyHandlers.ofInputStream())
                        .body()
                        .close();
                Await.untilTrue(
                        PATIENCE,
                        () -> "no line of the trace",
                        () -> lines.list.stream()
                                .anyMatch(line ->
                                        TRACE.equals(line.getMDCPropertyMap().get(RequestTrace.TRACE_ID))));
            } finally {
                pump.detachAppender(lines);
                pump.setLevel(before);
            }
        }

        @Test
        void the_lines_that_a_request_logs_name_its_trace() {
            String stop = Events.task("t-stop", "t-task", "TASK_STOPPED", "RUNNING");
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            PrintStream before = System.err;
            System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
            try {
                ledger.post(
                        "/v1/events",
                        "application/json",
                        LiveService.bytes("{\"events\":[" + stop + "]}"),
                        "traceparent",
                        PARENT);
            } finally {
                System.setErr(before);
            }

            assertThat(written.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("t-stop")))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains(" WARN  " + TRACE + " "));
        }
    }
}
