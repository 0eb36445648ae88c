package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.LiveService.Answer;

/** A browser on the same machine carries nothing in for a page from elsewhere. */
class ForeignRequestsTest {
    private static final int PATIENCE_MILLIS = 60_000;

    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static String answerTo(String path, String headers) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), ledger.uri("/").getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1/events", "/v1/running", "/v1/jobs", "/health", "/openapi", "/nothing"})
    void a_name_that_is_not_this_machines_own_is_refused_on_every_route(String path) throws IOException {
        assertThat(answerTo(path, "Host: rebound.example\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("problem:foreign-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost.rebound.example",
                "127.0.0.1.rebound.example:8080",
                "192.0.2.1",
                "user@localhost",
                "localhost/x",
                ""
            })
    void what_only_looks_like_an_own_name_is_refused(String host) throws IOException {
        assertThat(answerTo("/v1/events", "Host: " + host + "\r\n")).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.1.2.3", "[::1]", "[::1]:8080"})
    void an_own_name_is_served(String host) throws IOException {
        assertThat(answerTo("/v1/events", "Host: " + host + "\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:1", "[::1]:8080"})
    void a_page_of_the_same_origin_is_served(String host) throws IOException {
        assertThat(answerTo("/v1/events", "Host: " + host + "\r\nOrigin: http://" + host + "\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://rebound.example", "null", "http://localhost:1"})
    void a_page_of_another_origin_is_refused(String origin) {
        Answer answer = ledger.send(ledger.request("/v1/jobs/rebuild/executions", "Origin", origin)
                .POST(BodyPublishers.ofString("{\"projection\":\"running\"}")));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("foreign-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Forwarded: for=192.0.2.1", "X-Forwarded-For: 192.0.2.1", "x-forwarded-host: a", "VIA: 1.1 proxy"
            })
    void what_a_proxy_sends_on_for_somebody_else_is_refused(String header) throws IOException {
        assertThat(answerTo("/v1/events", "Host: localhost\r\n" + header + "\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("problem:foreign-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/jobs/rebuild/executions", "/v1/events"})
    void a_body_that_does_not_say_what_it_is_is_not_taken(String path) {
        Answer answer = ledger.send(ledger.request(path).POST(BodyPublishers.ofString("{}")));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(415);
        assertThat(answer.problem()).isEqualTo("unsupported-media-type");
    }

    @Test
    void no_body_needs_no_type() {
        Answer answer =
                ledger.send(ledger.request("/v1/jobs/rebuild/executions").POST(BodyPublishers.noBody()));

        assertThat(answer.problem()).as(answer.toString()).isEqualTo("bad-job-parameter");
    }
}
