package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;
import org.usageledger.postgres.testing.Await;

/** Server-Sent Events as a client reads them over HTTP. */
@Timeout(90)
class FollowingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private LiveService ledger;

    @BeforeEach
    void start() {
        ledger = LiveService.start();
        ledger.append(
                Events.started("e-1", "p-1"), Events.service("e-2", "i-2", "CREATED"), Events.stopped("e-3", "p-1"));
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        ledger.close();
    }

    /** A stream, event by event. */
    private static final class Stream implements AutoCloseable {
        private final HttpResponse<InputStream> response;
        private final BufferedReader lines;

        Stream(HttpResponse<InputStream> response) {
            this.response = response;
            this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** The fields of the next one that has data; empty at the end. */
        Map<String, String> next() throws IOException {
            Map<String, String> fields = new LinkedHashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && fields.containsKey("data")) {
                    return fields;
                }
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    fields.put(line.substring(0, colon), line.substring(colon + 2));
                }
            }
            return Map.of();
        }

        JsonNode nextData() throws IOException {
            return JSON.readTree(Objects.requireNonNull(next().get("data")));
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }

    private Stream follow(String query, String... headers) throws IOException, InterruptedException {
        return follow(ledger, query, headers);
    }

    private Stream follow(LiveService on, String query, String... headers) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.send(on.request("/v1/events/stream" + query, headers).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new Stream(response);
    }

    @Test
    void it_begins_with_what_there_is_and_goes_on_with_what_comes() throws Exception {
        try (Stream stream = follow("")) {
            assertThat(stream.response.headers().firstValue("Content-Type")).contains("text/event-stream");
            assertThat(stream.response.headers().firstValue("Cache-Control")).contains("no-store");
            Map<String, String> first = stream.next();
            assertThat(first.get("id")).isEqualTo("1-1-0");
            assertThat(first).doesNotContainKey("event");
            assertThat(first.get("data")).isEqualTo(ledger.get("/v1/events/1").text());
            stream.next();
            stream.next();
            ledger.append(Events.started("e-4", "p-4"));
            Map<String, String> later = stream.next();

            assertThat(later.get("id")).isEqualTo("1-4-0");
            assertThat(later.get("data")).isEqualTo(ledger.get("/v1/events/4").text());
        }
    }

    @Test
    void it_goes_on_after_the_last_id_whatever_the_address_says() throws Exception {
        try (Stream stream = follow("?after=oldest", "Last-Event-ID", "1-2-0")) {
            assertThat(stream.nextData().path("position").asInt()).isEqualTo(3);
        }
        try (Stream stream = follow("?after=1-1-0")) {
            assertThat(stream.nextData().path("position").asInt()).isEqualTo(2);
        }
    }

    @Test
    void it_takes_the_filters_of_pages() throws Exception {
        ledger.append(Events.process("b-1", "b-p", "WAS_RUNNING", 1), Events.started("e-5", "p-5"));
        try (Stream services = follow("?kind=service");
                Stream fresh = follow("?baselines=false&after=1-3-0")) {
            assertThat(services.nextData().path("position").asInt()).isEqualTo(2);
            assertThat(fresh.nextData().path("position").asInt()).isEqualTo(5);
            ledger.append(Events.started("e-6", "p-6"), Events.service("e-7", "i-7", "CREATED"));
            assertThat(services.nextData().path("position").asInt()).isEqualTo(7);
        }
    }

    @Test
    void one_that_begins_at_the_newest_says_where_that_is() throws Exception {
        try (Stream stream = follow("?after=newest")) {
            Map<String, String> begin = stream.next();
            assertThat(begin.get("event")).isEqualTo("cursor");
            assertThat(begin.get("id")).isEqualTo("1-3-0");
            assertThat(begin.get("data")).isEqualTo("{\"next\":\"1-3-0\"}");
        }
    }

    @Test
    void it_is_woken_by_what_another_service_records() throws Exception {
        try (LiveService other = ledger.another();
                Stream stream = follow("?after=1-3-0")) {
            stream.next();
            other.append(Events.started("e-4", "p-4"));

            assertThat(stream.nextData().path("event").path("guid").asText()).isEqualTo("e-4");
        }
    }

    @Test
    void a_cursor_that_cannot_be_served_is_refused_as_on_a_page() {
        for (String after : new String[] {"nonsense", "1-9-0", "2-1-0"}) {
            Answer page = ledger.get("/v1/events?after=" + after);
            assertThat(ledger.get("/v1/events/stream?after=" + after).problem()).isEqualTo(page.problem());
            assertThat(ledger.get("/v1/events/stream", "Last-Event-ID", after).status())
                    .isEqualTo(page.status());
        }
        assertThat(ledger.get("/v1/events/stream?wait=1s").problem()).isEqualTo("bad-parameter");
        assertThat(ledger.get("/v1/events/stream?kind=x").problem()).isEqualTo("bad-parameter");
        assertThat(ledger.get("/v1/events/stream", "Accept", "application/json").status())
                .isEqualTo(406);
    }

    @Test
    void one_whose_history_is_lost_ends_with_a_problem() throws Exception {
        try (Stream stream = follow("?after=1-3-0")) {
            stream.next();
            LostHistory.after(ledger, 2);
            ledger.append(Events.started("e-8", "p-8"), Events.started("e-9", "p-9"));
            Map<String, String> last = stream.next();

            assertThat(last.get("event")).isEqualTo("problem");
            JsonNode problem = JSON.readTree(last.get("data"));
            assertThat(problem.path("type").asText()).endsWith(":cursor-forked");
            assertThat(problem.path("rewind_to").asText()).isEqualTo("2-2-0");
            assertThat(stream.next()).isEmpty();
            assertThat(ledger.get("/prometheus").text())
                    .contains("\nledger_http_problems_total{problem=\"cursor-forked\"} 1.0\n");
        }
    }

    @Test
    void a_reader_who_hangs_up_gives_back_its_place_and_is_counted() throws Exception {
        try (Stream stream = follow("?after=newest")) {
            stream.next();
            assertThat(ledger.get("/prometheus").text()).contains("\nledger_followers 1.0\n");
        }

        Await.untilTrue(
                Duration.ofSeconds(60),
                () -> ledger.get("/prometheus").text(),
                () -> ledger.get("/prometheus")
                        .text()
                        .contains("\nledger_http_cut_short_total{reason=\"hung-up\"} 1.0\n"));
        assertThat(ledger.get("/prometheus").text()).contains("\nledger_followers 0.0\n");
    }

    @Test
    void it_is_not_compressed_whatever_its_reader_takes() throws Exception {
        try (Stream stream = follow("", "Accept-Encoding", "gzip, deflate")) {
            assertThat(stream.response.headers().firstValue("Content-Encoding")).contains("identity");
            assertThat(stream.nextData().path("position").asInt()).isEqualTo(1);
        }
    }

    @Test
    void a_service_that_stops_ends_its_streams_in_order() throws Exception {
        LiveService stopping = ledger.another();
        Stream stream = follow(stopping, "?after=newest");
        stream.next();
        Thread stop = Thread.ofVirtual().start(stopping::close);

        assertThat(stream.next()).isEmpty();
        stop.join();
    }
}
