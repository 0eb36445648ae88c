package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class EventsCommandTest {
    private static final String APP_EVENT = """
            {"position":7,"kind":"app","origin":"platform","recorded_at":"2026-01-02T00:00:07Z","event":\
            {"guid":"g-7","created_at":"2026-01-01T00:00:01.50Z","state":{"current":"STARTED","previous":"STOPPED"},\
            "app":{"guid":"app-g","name":"shop, \\"blue\\""},"process":{"guid":"proc-g","type":"web"},\
            "task":{"guid":null,"name":null},"space":{"guid":"space-g","name":"spa\\u001b[2Jce"},\
            "organization":{"guid":"org-g"},"instance_count":{"current":3,"previous":2},\
            "memory_in_mb_per_instance":{"current":512,"previous":256},"unknown":1.0e+3}}""";
    private static final String SERVICE_EVENT = """
            {"position":12,"kind":"service","origin":"baseline","recorded_at":"2026-01-02T00:00:12Z","event":\
            {"guid":"g-12","created_at":"2026-01-01T00:00:02Z","state":"WAS_RUNNING",\
            "service_instance":{"guid":"inst-g","name":"db","type":"managed_service_instance"},\
            "service_plan":{"guid":"plan-g","name":"small"},"service_offering":{"guid":"off-g","name":"postgres"},\
            "space":{"guid":"space-h","name":"dev"},"organization":{"guid":"org-h"}}}""";

    @Nested
    class printed {
        @Test
        void as_json_is_each_event_byte_for_byte_as_it_was_served() throws IOException {
            try (StandIn service = StandIn.inOrder(page(12, "1-12-0", APP_EVENT, SERVICE_EVENT))) {
                CommandRun run = CommandRun.against(service).run("events");

                assertThat(run.code()).isZero();
                assertThat(run.out()).isEqualTo(APP_EVENT + "\n" + SERVICE_EVENT + "\n");
                assertThat(run.err()).isEqualTo("next: 1-12-0\n");
            }
        }

        @Test
        void as_csv_has_every_column() throws IOException {
            try (StandIn service = StandIn.inOrder(page(12, "1-12-0", APP_EVENT, SERVICE_EVENT))) {
                CommandRun run = CommandRun.against(service).run("events", "--csv");

                assertThat(run.out().split("\r\n"))
                        .containsExactly(
                                "position,kind,origin,recorded_at,guid,created_at,state,previous_state,resource_guid,name,"
                                        + "app_guid,app_name,process_type,service_instance_type,service_plan_guid,"
                                        + "service_plan_name,service_offering_guid,service_offering_name,space_guid,space_name,"
                                        + "organization_guid,instances,memory_mb",
                                "7,app,platform,2026-01-02T00:00:07Z,g-7,2026-01-01T00:00:01.50Z,STARTED,STOPPED,proc-g,"
                                        + "\"shop, \"\"blue\"\"\",app-g,\"shop, \"\"blue\"\"\",web,,,,,,space-g,spa\u001b[2Jce,org-g,3,512",
                                "12,service,baseline,2026-01-02T00:00:12Z,g-12,2026-01-01T00:00:02Z,WAS_RUNNING,,inst-g,db,,,,"
                                        + "managed_service_instance,plan-g,small,off-g,postgres,space-h,dev,org-h,,");
            }
        }

        @Test
        void on_a_terminal_are_aligned_and_cannot_steer_it() throws IOException {
            try (StandIn service = StandIn.inOrder(page(12, "1-12-0", APP_EVENT, SERVICE_EVENT))) {
                CommandRun run = CommandRun.against(service).onTerminal().run("events");

                assertThat(run.out()).isEqualTo("""
                                POSITION  KIND     OCCURRED                 STATE        RESOURCE  NAME          SPACE      INSTANCES   MB
                                       7  app      2026-01-01T00:00:01.50Z  STARTED      proc-g    shop, "blue"  spa?[2Jce          3  512
                                      12  service  2026-01-01T00:00:02Z     WAS_RUNNING  inst-g    db            dev                -    -
                                """);
            }
        }

        @Test
        void in_two_ways_at_once_is_wrong_use() {
            assertThat(CommandRun.of("events", "--json", "--csv").code()).isEqualTo(2);
        }
    }

    @Nested
    class reading {
        @Test
        void goes_page_by_page_from_the_oldest_to_the_head_as_it_was() throws IOException {
            try (StandIn service = StandIn.inOrder(
                    page(3, "1-1-0", event(1)), page(9, "1-2-0", event(2)), page(9, "1-3-0", event(3)))) {
                CommandRun run = CommandRun.against(service).run("events");

                assertThat(run.out()).isEqualTo(event(1) + "\n" + event(2) + "\n" + event(3) + "\n");
                assertThat(service.asked().stream().map(Asked::path))
                        .containsExactly(
                                "/v1/events?after=oldest&limit=1000",
                                "/v1/events?after=1-1-0&limit=1000",
                                "/v1/events?after=1-2-0&limit=1000");
            }
        }

        @Test
        void asks_for_what_is_wanted_and_no_more() throws IOException {
            try (StandIn service = StandIn.inOrder(page(9, "1-6-0", event(5), event(6)))) {
                CommandRun run = CommandRun.against(service)
                        .run("events", "--after", "1-4-0", "--kind", "service", "--limit", "2");

                assertThat(run.code()).isZero();
                assertThat(run.err()).isEqualTo("next: 1-6-0\n");
                assertThat(service.asked().stream().map(Asked::path))
                        .containsExactly("/v1/events?after=1-4-0&limit=2&kind=service");
            }
        }

        @Test
        void ends_at_the_head_as_it_was_although_events_of_the_other_kind_keep_coming() throws IOException {
            AtomicInteger head = new AtomicInteger(9);
            try (StandIn service = new StandIn(request -> {
                int now = head.addAndGet(3);
                return now > 60 ? Reply.text(418, "asked too often") : page(now, "1-" + (now - 1) + "-0");
            })) {
                CommandRun run = CommandRun.against(service).run("events", "--after", "1-4-0", "--kind", "service");

                assertThat(run.code()).as(run.err()).isZero();
                assertThat(run.err()).isEqualTo("next: 1-14-0\n");
                assertThat(service.asked()).hasSize(2);
            }
        }

        @Test
        void ends_where_the_cursor_stays_put() throws IOException {
            try (StandIn service = StandIn.inOrder(page(4, "1-4-0"))) {
                CommandRun run = CommandRun.against(service).run("events", "--after", "1-4-0");

                assertThat(run.out()).isEmpty();
                assertThat(run.err()).isEqualTo("next: 1-4-0\n");
            }
        }

        @Test
        void by_guid_prints_what_the_service_lists() throws IOException {
            try (StandIn service = StandIn.inOrder(Reply.json("{\"events\":[" + event(9) + "," + event(2) + "]}"))) {
                CommandRun run = CommandRun.against(service).run("events", "--guid", "a b");

                assertThat(run.out()).isEqualTo(event(9) + "\n" + event(2) + "\n");
                assertThat(service.asked().getFirst().path()).isEqualTo("/v1/events?guid=a%20b");
            }
        }

        @Test
        void by_guid_heeds_the_kind_and_the_limit() throws IOException {
            try (StandIn service = StandIn.inOrder(
                    Reply.json("{\"events\":[" + event(9) + "]}"), Reply.json("{\"events\":[" + event(9) + "]}"))) {
                CommandRun.against(service).run("events", "--guid", "a", "--kind", "app", "--limit", "1");
                CommandRun.against(service).run("events", "--guid", "a", "--limit", "9000");

                assertThat(service.asked().stream().map(Asked::path))
                        .containsExactly("/v1/events?guid=a&kind=app&limit=1", "/v1/events?guid=a&limit=5000");
            }
        }

        @Test
        void by_a_guid_that_is_not_there_fails() throws IOException {
            try (StandIn service = StandIn.inOrder(Reply.json("{\"events\":[]}"))) {
                CommandRun run = CommandRun.against(service).run("events", "--guid", "a");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err()).isEqualTo("No event with the guid a is in the log.\n");
            }
        }

        @Test
        void from_something_that_is_no_address_is_wrong_use() {
            CommandRun byVariable =
                    new CommandRun.Builder().with("LEDGER_URL", "no address").run("events");
            CommandRun byOption = CommandRun.of("events", "--url", "ftp://here");

            assertThat(byVariable.code()).isEqualTo(2);
            assertThat(byVariable.err()).contains("'no address' is not the address of a ledger");
            assertThat(byOption.code()).isEqualTo(2);
        }

        @Test
        void from_something_that_is_no_ledger_says_so() throws IOException {
            try (StandIn service = StandIn.inOrder(Reply.text(200, "<html>"))) {
                CommandRun run = CommandRun.against(service).run("events");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err()).isEqualTo("The service's answer is not JSON. Is LEDGER_URL that of a ledger?\n");
            }
        }
    }

    @Nested
    class following {
        @Test
        void prints_each_event_once_through_overload_and_lost_connections() throws IOException {
            Reply end = Reply.problem(410, "{\"type\":\"about:x/cursor-forked\",\"detail\":\"Rewind to 1-2-0.\"}");
            try (StandIn service = StandIn.inOrder(
                    page(1, "1-1-0", event(1)),
                    page(1, "1-1-0"),
                    Reply.problem(503, "{\"title\":\"Overloaded\"}").with("Retry-After", "0"),
                    Reply.broken(),
                    page(3, "1-3-0", event(2), event(3)),
                    end)) {
                CommandRun run = CommandRun.against(service).run("events", "--follow");

                assertThat(run.out()).isEqualTo(event(1) + "\n" + event(2) + "\n" + event(3) + "\n");
                assertThat(run.code()).isEqualTo(1);
                assertThat(run.err()).contains("Overloaded. Trying again.").contains("Rewind to 1-2-0.");
                assertThat(service.asked().stream().map(Asked::path).skip(1).limit(4))
                        .containsOnly("/v1/events?after=1-1-0&limit=1000&wait=30s");
            }
        }

        @Test
        void waits_for_a_service_that_goes_away_and_comes_back() throws Exception {
            CountDownLatch asked = new CountDownLatch(2);
            StandIn first = new StandIn(request -> {
                asked.countDown();
                return asked.getCount() == 1 ? page(1, "1-1-0", event(1)) : Reply.broken();
            });
            int port = first.port();
            CompletableFuture<StandIn> restarted = CompletableFuture.supplyAsync(
                    () -> {
                        await(asked);
                        first.close();
                        return again(port);
                    },
                    task -> Thread.ofVirtual().start(task));

            CommandRun run = CommandRun.against(first).run("events", "--follow", "--limit", "2");
            restarted.get(30, TimeUnit.SECONDS).close();

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).isEqualTo(event(1) + "\n" + event(2) + "\n");
        }

        private void await(CountDownLatch asked) {
            try {
                assertThat(asked.await(30, TimeUnit.SECONDS)).as("asked twice").isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private StandIn again(int port) {
            try {
                return new StandIn(port, request -> page(2, "1-2-0", event(2)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class a_cursor_that_cannot_be_served {
        private static final Reply PRUNED = Reply.problem(
                410,
                "{\"type\":\"https://x/problems/cursor-pruned\",\"detail\":\"Events 3 to 7 were pruned\",\"cursor\":\"1-2-0\",\"go_on_with\":\"1-7-1\"}");

        @Test
        void ends_the_command_with_what_happened_and_how_to_go_on() throws IOException {
            try (StandIn service = StandIn.inOrder(PRUNED)) {
                CommandRun run = CommandRun.against(service).run("events", "--after", "1-2-0");

                assertThat(run.code()).isEqualTo(1);
                assertThat(run.out()).isEmpty();
                assertThat(run.err())
                        .contains(
                                "Events 3 to 7 were pruned. To accept that and go on: --after 1-7-1, or --accept-gap.");
            }
        }

        @Test
        void is_gone_past_if_the_gap_is_accepted() throws IOException {
            try (StandIn service = StandIn.inOrder(PRUNED, page(8, "1-8-1", event(8)))) {
                CommandRun run = CommandRun.against(service).run("events", "--after", "1-2-0", "--accept-gap");

                assertThat(run.code()).isZero();
                assertThat(run.out()).isEqualTo(event(8) + "\n");
                assertThat(run.err()).contains("Events 3 to 7 were pruned. Going on after 1-7-1.");
            }
        }
    }

    private static String event(long position) {
        return "{\"position\":" + position + ",\"kind\":\"app\",\"event\":{\"guid\":\"g-" + position + "\"}}";
    }

    private static Reply page(long head, String next, String... events) {
        return Reply.json("{\"events\":[" + String.join(",", events) + "],\"next\":\"" + next
                + "\",\"complete_up_to\":{\"position\":" + head
                + ",\"time\":\"2026-01-02T00:00:00Z\"},\"pruned_up_to\":0}");
    }
}
