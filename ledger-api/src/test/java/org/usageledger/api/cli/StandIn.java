package org.usageledger.api.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A service of a test's making: says what it is told to, breaks when it is told to, remembers what it was asked. */
final class StandIn implements AutoCloseable {
    private static final int PROMISED_BYTES = 4096;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Function<Asked, Reply> answers;

    /** @param answers may be called by several threads at once */
    StandIn(Function<Asked, Reply> answers) throws IOException {
        this(0, answers);
    }

    StandIn(int port, Function<Asked, Reply> answers) throws IOException {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Answers in this order; asked once more, it fails the test by a 418. */
    static StandIn inOrder(Reply... replies) throws IOException {
        List<Reply> left = new CopyOnWriteArrayList<>(replies);
        return new StandIn(request -> left.isEmpty() ? Reply.text(418, "asked too often") : left.removeFirst());
    }

    /** A request as it came. */
    record Asked(String method, String path, Map<String, String> headers, Bytes body) {
        String text() {
            return body.text();
        }

        List<String> lines() {
            return text().lines().toList();
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** @param cut the connection ends in the middle of the body */
    record Reply(int status, Map<String, String> headers, String body, boolean cut) {
        static Reply json(String body) {
            return new Reply(200, Map.of("Content-Type", "application/json"), body, false);
        }

        static Reply problem(int status, String body) {
            return new Reply(status, Map.of("Content-Type", "application/problem+json"), body, false);
        }

        static Reply text(int status, String body) {
            return new Reply(status, Map.of("Content-Type", "text/plain"), body, false);
        }

        static Reply broken() {
            return new Reply(200, Map.of(), "{\"recorded\":", true);
        }

        Reply withStatus(int other) {
            return new Reply(other, headers, body, cut);
        }

        Reply with(String header, String value) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put(header, value);
            return new Reply(status, all, body, cut);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        Asked request = new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new Bytes(exchange.getRequestBody().readAllBytes()));
        asked.add(request);
        reply(exchange, answers.apply(request));
    }

    private static void reply(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(
                reply.status(), reply.cut() ? PROMISED_BYTES : body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        if (reply.cut()) {
            exchange.getResponseBody().flush();
            throw new IOException("the connection ends here, as the test wants it to");
        }
        exchange.close();
    }
}
