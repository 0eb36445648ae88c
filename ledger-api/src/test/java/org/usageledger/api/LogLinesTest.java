package org.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private static final String REFUSE = """
            create function refuse() returns trigger language plpgsql as $$
            begin
              if new.guid like 'secret-number%' then
                perform new.guid::int;
              elsif new.guid like 'secret-fault%' then
                raise exception 'refused' using detail = new.guid;
              end if;
              return new;
            end
            $$
            """;

    private static final String REFUSING = """
            create trigger refusing
            before insert on usage_event
            for each row execute function refuse()
            """;

    private static final String CHECKED = """
            alter table usage_event
            add constraint no_secret check (guid not like 'secret-check%')
            """;

    /** Mutants: the cause logged with its detail; a message that quotes a value logged as it is. */
    @Test
    void what_the_database_refuses_is_logged_without_any_value_of_the_event() throws SQLException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        try (LiveService ledger = LiveService.start()) {
            change(ledger, REFUSE, REFUSING, CHECKED);
            System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
            assertThat(ledger.append(Events.started("secret-number-1", "secret-process"))
                            .status())
                    .isEqualTo(500);
            assertThat(ledger.append(Events.started("secret-fault-1", "secret-process"))
                            .status())
                    .isEqualTo(503);
            assertThat(ledger.append(Events.started("secret-check-1", "secret-process"))
                            .status())
                    .isEqualTo(500);
            assertThat(ledger.get("/health").text()).doesNotContain("secret-");
        } finally {
            System.setErr(before);
        }

        assertThat(written.toString(StandardCharsets.UTF_8))
                .contains("recorded: SQLSTATE 22P02: invalid input syntax")
                .contains("recording events failed: SQLSTATE P0001: refused")
                .contains("recorded: SQLSTATE 23514, constraint no_secret: new row")
                .doesNotContain("secret-");
    }

    private static void change(LiveService ledger, String... statements) throws SQLException {
        try (Connection connection = ledger.database().open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void a_senders_text_can_neither_begin_a_line_nor_steer_a_terminal() {
        String stop = Events.task("g-1\\nforged\\u001b[2J\\u2028", "t-1\\r\\nforged", "TASK_STOPPED", "RUNNING");
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        try (LiveService ledger = LiveService.start()) {
            System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
            LiveService.Answer answer = ledger.append(stop);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        } finally {
            System.setErr(before);
        }

        assertThat(written.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("forged")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("suppressed stop g-1?forged?[2J? of task t-1??forged ("));
    }
}
