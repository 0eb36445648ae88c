package org.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.usageledger.api.LiveService;

/** The commands speak to the service as it is, not only to one of a test's making. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgainstTheServiceTest {
    private static final String STARTED = """
            {"kind":"app","guid":"e-1","created_at":"2026-01-01T08:00:00Z","state":{"current":"STARTED","previous":"STOPPED"},\
            "app":{"guid":"a-1","name":"shop"},"process":{"guid":"p-1","type":"web"},"space":{"guid":"s-1","name":"prod"},\
            "organization":{"guid":"o-1"},"memory_in_mb_per_instance":{"current":512},"instance_count":{"current":2}}
            """;
    private static final String STRAY_STOP = """
            {"kind":"app","guid":"e-2","created_at":"2026-01-01T09:00:00Z","state":{"current":"TASK_STOPPED","previous":"RUNNING"},\
            "app":{"guid":"a-1","name":"shop"},"task":{"guid":"t-1","name":"migrate"},"space":{"guid":"s-1","name":"prod"},\
            "organization":{"guid":"o-1"},"memory_in_mb_per_instance":{"current":64},"instance_count":{"current":1}}
            """;
    private final LiveService service = LiveService.start();

    @BeforeAll
    void recordTwoEvents() {
        CommandRun run = command().reading(STARTED + STRAY_STOP).run("append", "-", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"recorded\":1,\"duplicates\":0,\"suppressed\":1");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void what_was_appended_is_a_duplicate_the_second_time() {
        assertThat(command().reading(STARTED).run("append", "-", "--json").out())
                .contains("\"recorded\":0,\"duplicates\":1");
    }

    @Test
    void a_conflict_names_line_and_guid() {
        CommandRun run = command().reading("\n" + STARTED.replace("512", "513")).run("append", "-");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("line 2 (guid e-1): another event with this guid was recorded before, at position 1");
    }

    @Test
    void a_conflict_may_be_skipped() {
        CommandRun run =
                command().reading(STARTED.replace("512", "513")).run("append", "-", "--on-conflict=skip", "--json");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"conflicts\":1");
    }

    @Test
    void a_malformed_event_names_line_and_field() {
        CommandRun run =
                command().reading(STARTED + "{\"kind\":\"app\",\"guid\":7}\n").run("append", "-");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("line 2: guid: ").contains("Nothing of the input is recorded yet.");
    }

    @Test
    void events_are_read_with_the_cursor_to_go_on_with() {
        CommandRun run = command().run("events", "--csv");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().skip(1).findFirst().orElse(""))
                .startsWith("1,app,platform,")
                .endsWith(",e-1,2026-01-01T08:00:00Z,STARTED,STOPPED,p-1,shop,a-1,shop,web,,,,,,s-1,prod,o-1,2,512");
        assertThat(run.err()).isEqualTo("next: 1-1-0\n");
        assertThat(command().run("events", "--after", "1-1-0").out()).isEmpty();
        assertThat(command().run("events", "--guid", "e-1").out()).contains("\"position\":1");
    }

    @Test
    void a_cursor_of_another_ledger_ends_the_command() {
        CommandRun run = command().run("events", "--after", "1-99-0");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("The cursor 1-99-0 is beyond the head");
    }

    @Test
    void the_suppressed_stop_is_listed() {
        assertThat(command().run("suppressed", "--csv").out())
                .contains(",no_start_on_record,")
                .contains(",t-1,e-2,RUNNING,");
    }

    @Test
    void what_runs_is_known_at_the_heads_cursor() {
        CommandRun run = command().run("running", "--not-before", "1-1-0", "--csv");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("process,p-1,shop,a-1,shop,,,s-1,prod,o-1,2,512,2026-01-01T08:00:00Z,true,1,1");
    }

    @Test
    void what_runs_is_summed_up() {
        command().run("running", "--not-before", "1-1-0");

        assertThat(command()
                        .run("running", "summary", "--group-by", "organization", "--csv")
                        .out())
                .isEqualTo("group,resources,instances,memory_mb\r\no-1,1,2,1024\r\n");
    }

    @Test
    void a_rebuild_is_started_and_waited_for() {
        CommandRun run = command().run("jobs", "start", "rebuild", "--set", "projection=running", "--wait");

        assertThat(run.code()).as(run.err() + run.out()).isZero();
        assertThat(run.out()).contains("\"state\":\"done\"");
        assertThat(command().run("executions", "--csv").out()).contains(",rebuild,done,");
    }

    private CommandRun.Builder command() {
        return new CommandRun.Builder().with("LEDGER_URL", service.uri("").toString());
    }
}
