package org.usageledger.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.api.Events;
import org.usageledger.api.LiveService;
import org.usageledger.api.LiveService.Answer;

class CursorCasesTest {
    private static final String PRUNE_TWO = """
            with deleted as (
              delete from usage_event
              where position <= 2
            ), step as (
              insert into retention_step (step, deleted_up_to)
              values (1, 2)
            )
            update ledger_head
            set
              retention_step = 1,
              pruned_up_to = 2,
              pruned_count = 2
            """;

    private static final String FORK_AT_HEAD = """
            with forked as (
              update ledger_head
              set epoch = epoch + 1
              returning epoch, head, retention_step, system_identifier, timeline
            )
            insert into ledger_epoch (epoch, fork, step, reason, system_identifier, timeline)
            select
              epoch,
              head - 1,
              retention_step,
              'test',
              system_identifier,
              timeline
            from forked
            """;

    private LiveService ledger;

    @BeforeEach
    void start() {
        ledger = LiveService.start();
        ledger.append(Events.started("e-1", "p-1"), Events.stopped("e-2", "p-1"), Events.started("e-3", "p-1"));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4711", "1-2", "1-2-3-4", "0-1-0", "a-b-c", "1-99999999999999999999-0", "Oldest"})
    void what_is_no_cursor_is_malformed(String text) {
        Answer answer = ledger.get("/v1/events?after=" + text);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("cursor-malformed");
        assertThat(answer.json().path("parameter").asText()).isEqualTo("after");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-4-0", "1-1000000-0", "2-0-0", "1-3-9"})
    void a_cursor_of_a_history_that_this_ledger_does_not_have_is_beyond_the_head(String cursor) {
        Answer answer = ledger.get("/v1/events?after=" + cursor);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("cursor-beyond-head");
        assertThat(answer.json().path("head").asText()).isEqualTo("1-3-0");
    }

    @Test
    void a_cursor_beyond_the_fork_is_told_to_rewind_to_it_and_one_below_goes_on() throws SQLException {
        change(FORK_AT_HEAD);

        Answer beyond = ledger.get("/v1/events?after=1-3-0");
        assertThat(beyond.status()).as(beyond.toString()).isEqualTo(410);
        assertThat(beyond.problem()).isEqualTo("cursor-forked");
        String rewind = beyond.json().path("rewind_to").asText();
        assertThat(ledger.get("/v1/events?after=" + rewind).status()).isEqualTo(200);
        assertThat(ledger.get("/v1/events?after=1-2-0").status()).isEqualTo(200);
    }

    @Test
    void a_cursor_whose_next_events_were_pruned_is_told_what_is_missing_and_how_to_go_on() throws SQLException {
        change(PRUNE_TWO);

        Answer behind = ledger.get("/v1/events?after=1-1-0");
        assertThat(behind.status()).as(behind.toString()).isEqualTo(410);
        assertThat(behind.problem()).isEqualTo("cursor-pruned");
        assertThat(behind.json().path("missing").toString()).isEqualTo("{\"after\":1,\"up_to\":2}");
        Answer acknowledged = ledger.get(
                "/v1/events?after=" + behind.json().path("go_on_with").asText());
        assertThat(acknowledged.status()).isEqualTo(200);
        assertThat(acknowledged.json().path("events")).hasSize(1);
        assertThat(acknowledged.json().path("pruned_up_to").asLong()).isEqualTo(2);
    }

    @Test
    void streams_are_refused_like_pages() throws SQLException {
        change(PRUNE_TWO);

        assertThat(ledger.get("/v1/events?after=1-1-0", "Accept", "application/x-ndjson")
                        .problem())
                .isEqualTo("cursor-pruned");
        assertThat(ledger.get("/v1/events?after=1-9-0", "Accept", "application/x-ndjson")
                        .problem())
                .isEqualTo("cursor-beyond-head");
        assertThat(ledger.get("/v1/events", "Accept", "application/x-ndjson").header("Ledger-Pruned-Up-To"))
                .isEqualTo("2");
    }

    @Test
    void the_oldest_is_what_remains_and_a_pruned_position_says_so() throws SQLException {
        change(PRUNE_TWO);

        assertThat(ledger.get("/v1/events?after=oldest").json().path("events")).hasSize(1);
        assertThat(ledger.get("/v1/events/1").problem()).isEqualTo("position-pruned");
    }

    private void change(String statement) throws SQLException {
        try (Connection connection = ledger.database().open();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
