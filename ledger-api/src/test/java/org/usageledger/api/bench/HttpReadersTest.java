package org.usageledger.api.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Against a service that answers whatever it likes. */
class HttpReadersTest {
    private static final long END = 10_000;

    /** What is left out of every answer. */
    private long leftOut;

    private HttpServer server;
    private URI service;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/events", this::answer);
        server.start();
        service = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        long after = Long.parseLong(query.replaceFirst(".*after=1-(\\d+)-0.*", "$1"));
        if (query.contains("limit")) {
            byte[] page = ("{\"events\":[" + events(after, after + HttpPages.PAGE, ",") + "],\"next\":\"1-"
                            + (after + HttpPages.PAGE)
                            + "-0\",\"complete_up_to\":{\"position\":10000,\"time\":\"2026-01-01T00:00:00Z\"},\"pruned_up_to\":0}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            send(exchange, page);
        } else {
            exchange.sendResponseHeaders(200, 0);
            send(exchange, (events(after, END, "\n") + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private String events(long after, long upTo, String between) {
        return LongStream.rangeClosed(after + 1, upTo)
                .filter(position -> position != leftOut)
                .mapToObj(position -> "{\"position\":" + position + ",\"event\":{}}")
                .collect(Collectors.joining(between));
    }

    private static void send(HttpExchange exchange, byte[] bytes) throws IOException {
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Nested
    class Page_by_page {
        @Test
        void whole_pages_count() throws IOException {
            assertThat(new HttpPages("head", service, END).run()).isEqualTo(HttpPages.PAGES);
        }

        @Test
        void a_page_without_one_of_its_events_is_none_even_if_its_cursor_leads_on() {
            leftOut = 9_017;

            assertThatThrownBy(() -> new HttpPages("head", service, END).run())
                    .isInstanceOf(RunRefused.class)
                    .hasMessageContaining("the page after 9000 does not hold the 1000 events");
        }
    }

    @Nested
    class As_a_stream {
        @Test
        void whole_streams_count() throws IOException {
            assertThat(new HttpStream(service, END, 2_000).run()).isEqualTo(2_000);
        }

        @Test
        void a_stream_without_one_of_its_events_is_refused() {
            leftOut = 9_017;

            assertThatThrownBy(() -> new HttpStream(service, END, 2_000).run())
                    .isInstanceOf(RunRefused.class)
                    .hasMessageContaining("of 2000 events 1999 came");
        }
    }
}
