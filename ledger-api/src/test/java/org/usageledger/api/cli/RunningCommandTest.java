package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.cli.StandIn.Asked;
import org.usageledger.api.cli.StandIn.Reply;

@Timeout(120)
class RunningCommandTest {
    private static final String PROCESS = """
            {"kind":"process","guid":"proc-g","since":"2026-01-01T00:00:01Z","since_exact":true,"instances":3,"memory_mb":512,\
            "app":{"guid":"app-g","name":"shop"},"process":{"guid":"proc-g","type":"web"},"task":null,"service_instance":null,\
            "service_plan":null,"service_offering":null,"space":{"guid":"space-g","name":"prod"},\
            "organization":{"guid":"org-g"},"first_position":5,"latest_position":17}""";
    private static final String INSTANCE = """
            {"kind":"service_instance","guid":"inst-g","since":"2026-01-02T00:00:02Z","since_exact":false,"instances":1,\
            "memory_mb":null,"app":null,"process":null,"task":null,"service_instance":{"guid":"inst-g","name":"db"},\
            "service_plan":{"guid":"plan-g","name":"small"},"service_offering":{"guid":"off-g","name":"postgres"},\
            "space":{"guid":"space-h","name":"dev"},"organization":{"guid":"org-h"},"first_position":6,"latest_position":8}""";

    @Test
    void as_a_table_shows_what_runs_and_since_when() throws IOException {
        try (StandIn service = StandIn.inOrder(page("null", PROCESS, INSTANCE))) {
            CommandRun run = CommandRun.against(service).run("running", "--table");

            assertThat(run.code()).isZero();
            assertThat(run.out()).isEqualTo("""
                            KIND              GUID    NAME  SPACE  ORGANIZATION  INSTANCES   MB  SINCE                   LATEST
                            process           proc-g  shop  prod   org-g                 3  512  2026-01-01T00:00:01Z        17
                            service_instance  inst-g  db    dev    org-h                 1    -  <=2026-01-02T00:00:02Z       8
                            """);
            assertThat(run.err()).isEqualTo("2 running as of 1-17-0 (2026-01-03T00:00:00Z)\n");
        }
    }

    @Test
    void as_csv_has_every_column() throws IOException {
        try (StandIn service = StandIn.inOrder(page("null", PROCESS, INSTANCE))) {
            assertThat(CommandRun.against(service).run("running", "--csv").out().split("\r\n"))
                    .containsExactly(
                            "kind,guid,name,app_guid,app_name,service_plan_guid,service_plan_name,space_guid,space_name,"
                                    + "organization_guid,instances,memory_mb,since,since_exact,first_position,latest_position",
                            "process,proc-g,shop,app-g,shop,,,space-g,prod,org-g,3,512,2026-01-01T00:00:01Z,true,5,17",
                            "service_instance,inst-g,db,,,plan-g,small,space-h,dev,org-h,1,,2026-01-02T00:00:02Z,false,6,8");
        }
    }

    @Test
    void walks_all_pages_with_the_filters_asked_for() throws IOException {
        try (StandIn service = StandIn.inOrder(page("\"tok en\"", PROCESS), page("null", INSTANCE))) {
            CommandRun run = CommandRun.against(service)
                    .run("running", "--json", "--kind", "task", "--organization", "o", "--space", "s", "--app", "a");

            assertThat(run.out()).isEqualTo(PROCESS + "\n" + INSTANCE + "\n");
            assertThat(service.asked().stream().map(Asked::path))
                    .containsExactly(
                            "/v1/running?kind=task&organization=o&space=s&app=a&limit=1000",
                            "/v1/running?kind=task&organization=o&space=s&app=a&after=tok%20en&limit=1000");
        }
    }

    @Test
    void waits_while_the_projection_has_not_come_so_far() throws IOException {
        Reply notYet = Reply.problem(503, "{\"detail\":\"Not there yet.\"}").with("Retry-After", "0");
        try (StandIn service = StandIn.inOrder(notYet, page("null", PROCESS))) {
            CommandRun run = CommandRun.against(service).run("running", "--not-before", "1-17-0", "--limit", "1");

            assertThat(run.out()).isEqualTo(PROCESS + "\n");
            assertThat(service.asked().getFirst().path()).isEqualTo("/v1/running?not_before=1-17-0&limit=1");
        }
    }

    @Test
    void follows_by_asking_again() throws IOException {
        try (StandIn service = StandIn.inOrder(
                page("null", PROCESS), page("null", INSTANCE), Reply.problem(404, "{\"title\":\"Gone\"}"))) {
            CommandRun run = CommandRun.against(service).run("running", "--follow", "--every", "1ms");

            assertThat(run.out()).isEqualTo(PROCESS + "\n" + INSTANCE + "\n");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).endsWith("Gone.\n");
        }
    }

    @Test
    void with_a_kind_nobody_knows_is_wrong_use() {
        CommandRun run = CommandRun.of("running", "--kind", "app");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("process", "task", "service_instance");
    }

    @Test
    void summarises_by_what_is_asked_for() throws IOException {
        Reply summary = Reply.json("{\"as_of\":{\"cursor\":\"1-17-0\",\"time\":\"2026-01-03T00:00:00Z\"},\"summary\":["
                + "{\"group\":\"space-g\",\"resources\":4,\"instances\":9,\"memory_mb\":2048},"
                + "{\"group\":\"space-h\",\"resources\":1,\"instances\":2,\"memory_mb\":64}]}");
        try (StandIn service = StandIn.inOrder(summary)) {
            CommandRun run = CommandRun.against(service).run("running", "summary", "--group-by", "space", "--table");

            assertThat(run.out()).isEqualTo("""
                            GROUP    RESOURCES  INSTANCES    MB
                            space-g          4          9  2048
                            space-h          1          2    64
                            """);
            assertThat(run.err()).isEqualTo("as of 1-17-0 (2026-01-03T00:00:00Z)\n");
            assertThat(service.asked().getFirst().path()).isEqualTo("/v1/running/summary?group_by=space");
        }
    }

    private static Reply page(String next, String... resources) {
        return Reply.json("{\"as_of\":{\"cursor\":\"1-17-0\",\"time\":\"2026-01-03T00:00:00Z\"},\"running\":["
                + String.join(",", resources) + "],\"next\":" + next + "}");
    }
}
