package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.cli.StandIn.Reply;

/** Each number of a report has a value of its own, so that none can be shown in another's place. */
@Timeout(120)
class JobsShowTest {
    private static final Reply NO_JOB = Reply.problem(
            404, "{\"type\":\"urn:usage-ledger:problem:job-not-found\",\"detail\":\"There is no such job.\"}");

    private static final String REPORT = """
            {"task":"job_recovery","schema":1,"node":"n1","incarnation":12,"process_gone":false,"node_incarnation":12,
             "node_state":"active","node_seen_at":"2026-11-22T06:15:45.1Z","as_of":"2026-11-22T06:15:45.3Z","unseen_ms":200,
             "up_ms":10920000,"period_ms":60000,"current":{"state":"idle"},
             "last":{"iteration":94,"reason":"signal","started_at":"2026-11-22T06:15:40.271Z","elapsed_ms":23,"outcome":"success",
               "summary":"found 1601, claimed 33"},
             "since_start":{"started":1201,"attempt_failures":1302,"recovered":1203,"abandoned":1304,"taken_over":1205,
               "listing_failures":1306,"observed_started":1207,"observed_ended":1308,"create_failed":1209,"create_in_doubt":1310,
               "forgotten":1211,"inferred_done":1312,"fenced":1213,"doubt_dropped":1314,
               "claimed_without_local":1401,"missing":1402,"listing_bug":1403,"unreadable":1404},
             "local":{"starting":1502,"in_doubt":1503,"running":1501,"ended":1504,"maybe_done":1505},
             "last_pass":{"kind":"completed","found":1601,"started":1602,"recovered":1603,"taken_over":1604,"failed":1605,
               "skipped":1606,"others":1607,"backoff":1608,"foreign":1609,"unreadable":1610,"deferred":1611,"forgotten":1612,
               "list_ms":1613,"execute_ms":1614},
             "recent_recoveries":[
               {"at":"2026-11-22T06:15:40Z","execution":"9ebb7ce7-fd16-446c-90eb-0b95a699ed0d","kind":"repair",
                "reason":"lease_expired","from":"n3/7","epoch":1701},
               {"at":"2026-11-22T06:15:39Z","execution":"018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10","kind":"rebuild",
                "reason":"restart","from":"n1/11","epoch":1702}],
             "recent_failures":[
               {"at":"2026-11-22T06:14:00Z","execution":"0190c2d4-1111-7b3e-9f0e-6b1b7f5d2a10","kind":"import","epoch":1801,
                "class":"transient","attempt":1802,"next_attempt_at":"2026-11-22T06:16:00Z","message":"no\\u001Broom"}]}
            """;

    private static final String PRINTED = """
            task: "job_recovery"   node n1 (incarnation 12, up 3h02m)
              configured period: every 1m
              currently executing: no
              last completed activation: iter 94, triggered by an explicit signal
                started at 2026-11-22T06:15:40.271Z (5s ago) and ran for 23ms: success
                found 1601, claimed 33
                since this process started:
                    executions begun (pending):            1201      attempts failed:                1302
                    executions recovered (own restart):    1203      abandoned:                      1304
                    executions taken over (other node):    1205      listing failures:               1306
                    starts observed:                       1207      ends observed:                  1308
                    starts that failed:                    1209      starts in doubt:                1310
                    forgotten (end seen):                  1211      inferred done (no end seen):    1312
                    fenced off here:                       1213      doubts dropped:                 1314
                    must be zero: claimed w/o local 1401, missing 1402, listing bug 1403, unreadable 1404 – NOT ZERO
                believed running here: 1501 (starting 1502, in doubt 1503, ended 1504, maybe done 1505)
                last pass: found 1601 = begun 1602 + recovered 1603 + taken over 1604 + failed 1605 + running here 1606\
             + others' 1607 + backing off 1608 + foreign 1609 + unreadable 1610 + no room here 1611; forgotten 1612;\
             listed in 1613 ms, carried out in 1614 ms
                recent recoveries (2, newest first):
                    TIME                  RUN                                   KIND     WHY            FROM   EPOCH
                    2026-11-22T06:15:40Z  9ebb7ce7-fd16-446c-90eb-0b95a699ed0d  repair   lease_expired  n3/7   1701
                    2026-11-22T06:15:39Z  018f3c1e-7c55-7b3e-9f0e-6b1b7f5d2a10  rebuild  restart        n1/11  1702
                failed attempts (1, newest first):
                    TIME                  RUN                                   KIND    EPOCH  CLASS      ATTEMPT  NEXT ATTEMPT          MESSAGE
                    2026-11-22T06:14:00Z  0190c2d4-1111-7b3e-9f0e-6b1b7f5d2a10  import  1801   transient  1802     2026-11-22T06:16:00Z  no?room
            """;

    private static final String GONE = """
            {"task":"job_recovery","schema":1,"node":"n3","incarnation":7,"process_gone":true,"node_incarnation":7,
             "unseen_ms":41000,"up_ms":null,"period_ms":60000,
             "current":{"state":"running","iteration":13,"since":"2026-11-22T06:14:59.41Z","reason":"timer"},"last":null}
            """;

    private static Reply task(String... reports) {
        return Reply.json(
                "{\"name\":\"job_recovery\",\"description\":\"Takes executions up.\",\"node\":\"n1\",\"reports\":["
                        + String.join(",", reports) + "]}");
    }

    private static String shown(Reply task, String... more) throws IOException {
        try (StandIn service = StandIn.inOrder(NO_JOB, task)) {
            List<String> arguments = new ArrayList<>(List.of("jobs", "show", "job_recovery"));
            arguments.addAll(List.of(more));
            CommandRun run = CommandRun.against(service).run(arguments.toArray(String[]::new));
            assertThat(run.code()).as(run.err()).isZero();
            return run.out();
        }
    }

    @Nested
    class a_report_of_recovery {
        @Test
        void is_printed_with_every_number_in_its_place() throws IOException {
            assertThat(shown(task(REPORT))).isEqualTo(PRINTED);
        }

        @Test
        void has_no_number_twice_in_what_this_test_is_made_of() {
            List<String> numbers = new ArrayList<>();
            Matcher number = Pattern.compile("\":(\\d{4})[,}]").matcher(REPORT);
            while (number.find()) {
                numbers.add(number.group(1));
            }
            assertThat(numbers).hasSize(41).hasSameSizeAs(new HashSet<>(numbers));
            assertThat(PRINTED).contains(numbers);
        }

        @Test
        void of_an_earlier_version_is_printed_with_what_it_has() throws IOException {
            String printed = shown(task("""
                    {"task":"job_recovery","schema":0,"node":"n1","incarnation":12,"current":{"state":"idle"},
                     "since_start":{"recovered":31,"missing":0},"local":{"running":4},
                     "last_pass":{"kind":"completed","found":9}}
                    """));

            assertThat(printed)
                    .startsWith(
                            "task: \"job_recovery\"   node n1 (incarnation 12, up ?)\n  configured period: every ?\n")
                    .contains("last completed activation: none in this process")
                    .containsPattern("own restart\\): +31 ")
                    .containsPattern("other node\\): +\\? ")
                    .contains("must be zero: claimed w/o local ?, missing 0, listing bug ?, unreadable ?\n")
                    .contains("believed running here: 4 (starting ?, in doubt ?")
                    .contains("last pass: found 9 = begun ?")
                    .contains("no recent recoveries\n", "no failed attempts\n");
        }

        @Test
        void of_a_later_version_says_that_there_is_more() throws IOException {
            assertThat(shown(task(REPORT.replace("\"schema\":1", "\"schema\":2"))))
                    .contains("of a later version (2): see --json")
                    .contains("recovered 1603");
        }

        @Test
        void says_why_a_pass_failed() throws IOException {
            assertThat(shown(task(REPORT.replaceFirst(
                            "(?s)\"last_pass\":\\{.*?\\}",
                            "\"last_pass\":{\"kind\":\"failed\",\"message\":\"disk full\"}"))))
                    .contains("last pass: failed: disk full\n");
        }
    }

    @Test
    void what_a_dead_node_was_doing_is_not_being_done() throws IOException {
        String printed = shown(task(REPORT, GONE), "--all-nodes");

        assertThat(printed).startsWith(PRINTED).endsWith("""
                task: "job_recovery"   node n3 (incarnation 7, NOT SEEN for 41s; last known report)
                  configured period: every 1m
                  currently executing: iter 13 since 2026-11-22T06:14:59.41Z (timer) – process gone
                  last completed activation: none in this process
                    nothing reported of recovery
                """);
        assertThat(shown(task(REPORT, GONE))).as("of the node that is asked").isEqualTo(PRINTED);
        assertThat(shown(task(GONE.replace("\"node_incarnation\":7", "\"node_incarnation\":9")), "--all-nodes"))
                .contains("ended; the node is in incarnation 9; last known report");
    }

    @Test
    void as_json_a_report_is_a_line_as_it_came() throws IOException {
        assertThat(shown(task(REPORT, GONE), "--all-nodes", "--json").lines())
                .hasSize(2)
                .first()
                .isEqualTo(REPORT.replaceAll("\\n *", "").strip());
    }

    @Test
    void another_task_is_printed_in_its_own_words() throws IOException {
        String printed = shown(task("""
                {"task":"schedules","schema":1,"node":"n1","incarnation":2,"period_ms":30000,"up_ms":90000,
                 "current":{"state":"idle"},
                 "last":{"iteration":3,"reason":"timer","started_at":"x","elapsed_ms":4,"outcome":"failed","summary":"one failed"},
                 "schedules":5,"enabled":6,"started":[],"failed":[{"job":"check","problem":"no zone"}]}
                """));

        assertThat(printed).isEqualTo("""
                task: "schedules"   node n1 (incarnation 2, up 1m30s)
                  configured period: every 30s
                  currently executing: no
                  last completed activation: iter 3, triggered by its timer
                    started at x and ran for 4ms: failed
                    one failed
                    schedules: 5
                    enabled: 6
                    failed (1):
                      {"job":"check","problem":"no zone"}
                """);
    }

    @Test
    void a_job_is_printed_and_a_name_that_is_none_fails() throws IOException {
        Reply job = Reply.json(
                "{\"name\":\"check\",\"description\":\"Checks.\",\"latest\":null,\"schedule\":{\"cron\":\"0 3 * * *\"}}");
        try (StandIn service =
                StandIn.inOrder(job, NO_JOB, Reply.problem(404, "{\"detail\":\"There is no background task.\"}"))) {
            assertThat(CommandRun.against(service).run("jobs", "show", "check").out())
                    .isEqualTo("name: check\ndescription: Checks.\nschedule:\n  cron: 0 3 * * *\n");
            CommandRun none = CommandRun.against(service).run("jobs", "show", "none");
            assertThat(none.code()).isEqualTo(1);
            assertThat(none.err()).isEqualTo("There is no background task.\n");
        }
    }
}
