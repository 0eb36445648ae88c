package org.usageledger.api.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.postgres.testing.Await;

class MetricsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern ROW = Pattern.compile("^\\| `(ledger_[a-z_]+)` \\| ([a-z]+) \\|", Pattern.MULTILINE);
    private static final Pattern UNIT =
            Pattern.compile("^\\| `(ledger_[a-z_]+)` \\| [a-z]+ \\| (seconds|bytes) \\|", Pattern.MULTILINE);
    private static final Pattern LABELS =
            Pattern.compile("^\\| `(ledger_[a-z_]+)` \\| [a-z]+ \\| [^|]+ \\| ([^|]+) \\|", Pattern.MULTILINE);
    private static final Pattern SAMPLE = Pattern.compile("^([a-z_]+)\\{(.*)} \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"[^\"]*\"");
    private static final Pattern TYPE = Pattern.compile("^# TYPE (\\S+) (\\S+)$", Pattern.MULTILINE);

    private static LiveService ledger;

    @BeforeAll
    static void start() {
        ledger = LiveService.start();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static String scrape() {
        return ledger.get("/prometheus").text();
    }

    private static Map<String, String> found(Pattern pattern, String in) {
        Map<String, String> found = new TreeMap<>();
        Matcher matcher = pattern.matcher(in);
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
        }
        return found;
    }

    /** A sample by its name and labels as they are shown; NaN if there is none. */
    private static double value(String sample) {
        return scrape().lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static void awaitValue(String sample, double expected) {
        Await.untilTrue(PATIENCE, MetricsTest::scrape, () -> value(sample) == expected);
    }

    @Test
    void the_table_of_operations_names_what_is_served_and_nothing_else() throws IOException {
        doEverythingOnce();

        Map<String, String> written = found(ROW, Files.readString(Path.of("..", "docs", "operations.md")));

        Await.untilTrue(
                PATIENCE,
                () -> found(TYPE, scrape()) + " is not " + written,
                () -> found(TYPE, scrape()).equals(written));
    }

    @Test
    void what_is_in_seconds_or_bytes_says_so_by_its_name() throws IOException {
        Map<String, String> units = found(UNIT, Files.readString(Path.of("..", "docs", "operations.md")));
        Map<String, String> named = new TreeMap<>();
        doEverythingOnce();
        found(TYPE, scrape())
                .keySet()
                .forEach(name -> List.of("seconds", "bytes").stream()
                        .filter(unit -> name.endsWith("_" + unit))
                        .forEach(unit -> named.put(name, unit)));

        assertThat(units).isNotEmpty().isEqualTo(named);
    }

    @Test
    void every_label_stands_in_its_row() throws IOException {
        doEverythingOnce();
        Map<String, String> written = found(LABELS, Files.readString(Path.of("..", "docs", "operations.md")));

        Map<String, Set<String>> served = labels();

        assertThat(served.get("ledger_http_requests_total")).containsExactlyInAnyOrder("method", "route", "status");
        written.forEach((name, cell) -> {
            Set<String> labels = served.getOrDefault(name, Set.of());
            labels.forEach(label -> assertThat(cell).as(name).contains("`" + label + "`"));
            assertThat(cell.equals("–")).as(name).isEqualTo(labels.isEmpty());
        });
    }

    /** Of each metric that has some. */
    private static Map<String, Set<String>> labels() {
        Map<String, Set<String>> labels = new TreeMap<>();
        String text = scrape();
        Set<String> metrics = found(TYPE, text).keySet();
        text.lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach(sample -> {
            String name = metrics.contains(sample.group(1))
                    ? sample.group(1)
                    : sample.group(1).replaceAll("_[a-z]+$", "");
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                // Bounds of a histogram are of the format, not of ours.
                if (!label.group(1).equals("le")) {
                    labels.computeIfAbsent(name, _ -> new TreeSet<>()).add(label.group(1));
                }
            }
        });
        return labels;
    }

    /** What has a label is shown once it has a value. */
    private static void doEverythingOnce() {
        ledger.append(Events.started("m-all", "m-all-p"), Events.task("m-stop", "m-task", "TASK_STOPPED", "RUNNING"));
        ledger.get("/v1/events?limit=0");
        ledger.post("/v1/jobs/rebuild/executions", "application/json", LiveService.bytes("""
                {"projection":"running","request_key":"metrics"}
                """));
        ledger.send(ledger.request("/v1/jobs/check/schedule")
                .header("Content-Type", "application/json")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("""
                        {"cron":"0 3 * * 0","time_zone":"UTC"}
                        """)));
        awaitValue("ledger_job_attempts_total{job=\"rebuild\",result=\"done\"}", 1);
        awaitValue("ledger_schedule_late_seconds{job=\"check\"}", 0);
    }

    @Test
    void jobs_nodes_and_tasks_are_told_as_they_are() {
        doEverythingOnce();

        awaitValue("ledger_executions_ended_total{job=\"rebuild\",outcome=\"done\"}", 1);
        awaitValue("ledger_executions{job=\"rebuild\",state=\"running\"}", 0);
        awaitValue("ledger_nodes{state=\"active\"}", 1);
        awaitValue("ledger_nodes{state=\"silent\"}", 0);
        awaitValue("ledger_recovery_defects_total{defect=\"missing\"}", 0);
        awaitValue("ledger_recovered_executions_total{how=\"taken_over\"}", 0);
        awaitValue("ledger_recovery_failures_total{what=\"listing\"}", 0);
        awaitValue("ledger_schedule_problems", 0);
        awaitValue("ledger_task_failures_total{task=\"job_recovery\"}", 0);
        assertThat(value("ledger_task_activations_total{task=\"job_recovery\"}"))
                .isPositive();
        assertThat(value("ledger_task_last_success_seconds{task=\"schedules\"}"))
                .isBetween(0.0, 3600.0);
    }

    @Test
    void scraping_is_answered_as_prometheus_wants_it() {
        LiveService.Answer answer = ledger.get("/prometheus", "Accept", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/plain").contains("version=0.0.4");
    }

    @Test
    void what_is_recorded_is_counted_by_state_and_a_state_that_nobody_declared_as_undeclared() {
        String started = "ledger_events_recorded_total{kind=\"app\",state=\"STARTED\"}";
        String undeclared = "ledger_events_recorded_total{kind=\"app\",state=\"undeclared\"}";
        ledger.append(Events.started("m-0", "m-p0"), Events.process("m-u0", "m-p0", "MADE_UP_0", 1));
        Await.untilTrue(PATIENCE, MetricsTest::scrape, () -> value(undeclared) >= 1);
        double startedBefore = value(started);
        double undeclaredBefore = value(undeclared);

        ledger.append(
                Events.started("m-1", "m-p1"),
                Events.process("m-2", "m-p1", "MADE_UP_1", 1),
                Events.process("m-3", "m-p1", "MADE_UP_2", 1));

        awaitValue(started, startedBefore + 1);
        awaitValue(undeclared, undeclaredBefore + 2);
        assertThat(scrape()).doesNotContain("MADE_UP");
    }

    @Test
    void a_request_is_counted_by_its_route_and_not_by_what_it_asks_for() {
        ledger.get("/v1/events/1234567");
        ledger.get("/nowhere/1234567");

        awaitValue("ledger_http_requests_total{method=\"GET\",route=\"/v1/events/{position}\",status=\"404\"}", 1);
        awaitValue("ledger_http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"}", 1);
        assertThat(value("ledger_http_problems_total{problem=\"position-not-given\"}"))
                .isEqualTo(1);
        assertThat(value("ledger_http_problems_total{problem=\"not-found\"}")).isEqualTo(1);
        assertThat(scrape()).doesNotContain("1234567").doesNotContain("nowhere");
    }

    @Test
    void a_method_that_a_sender_made_up_is_counted_as_another() {
        ledger.send(ledger.request("/v1/events").method("MADE-UP", java.net.http.HttpRequest.BodyPublishers.noBody()));

        Await.untilTrue(PATIENCE, MetricsTest::scrape, () -> scrape().contains("{method=\"OTHER\","));
        assertThat(scrape()).doesNotContain("MADE-UP");
    }

    @Test
    void a_request_that_waits_for_news_is_a_waiting_reader_and_its_wait_counted_in_seconds() {
        String head =
                ledger.append(Events.started("m-w", "m-wp")).json().path("head").asText();
        var waiting = ledger.client()
                .sendAsync(
                        ledger.request("/v1/events?wait=60s&after=" + head)
                                .GET()
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.discarding());

        awaitValue("ledger_readers_waiting", 1);
        long began = System.nanoTime();
        Await.untilTrue(PATIENCE, () -> "not a second later", () -> System.nanoTime() - began > 1_000_000_000L);
        ledger.append(Events.started("m-w2", "m-wp"));
        waiting.join();
        awaitValue("ledger_readers_waiting", 0);
        assertThat(value("ledger_http_request_seconds_sum{method=\"GET\",route=\"/v1/events\"}"))
                .as("seconds, of which the wait took one")
                .isBetween(1.0, 600.0);
    }

    @Test
    void positions_of_log_projection_and_hold_agree_once_all_is_projected() {
        long position = ledger.append(Events.started("m-h", "m-hp"))
                .json()
                .path("results")
                .path(0)
                .path("position")
                .asLong();

        Await.untilTrue(
                PATIENCE,
                MetricsTest::scrape,
                () -> value("ledger_hold_position{hold=\"projection:running\"}") >= position
                        && value("ledger_projection_position{projection=\"running\"}") >= position
                        && value("ledger_projection_lag_positions{projection=\"running\"}") == 0
                        && value("ledger_projection_lag_seconds{projection=\"running\"}") == 0);
        assertThat(value("ledger_confirmed_position")).isGreaterThanOrEqualTo((double) position);
        assertThat(value("ledger_degraded_seconds{part=\"database\"}")).isZero();
    }
}
