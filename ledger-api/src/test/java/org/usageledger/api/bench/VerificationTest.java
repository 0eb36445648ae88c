package org.usageledger.api.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.api.bench.GroupedAppends.Shape;
import org.usageledger.api.bench.Verification.Written;
import org.usageledger.log.AppenderLimits;
import org.usageledger.log.HeadWatch;
import org.usageledger.log.LogAppender;
import org.usageledger.postgres.Migrations;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class VerificationTest {
    private static final int EVENTS = 300;
    private static final int LONE = 20;

    private TestDatabase database;

    @BeforeEach
    void let_contenders_write(TestDatabase fresh) throws Exception {
        database = fresh;
        Migrations.addContenders(database.address());
        try (HeadWatch watch = new HeadWatch(database.dataSource(), Duration.ofMillis(50));
                LogAppender appender = new LogAppender(database.dataSource(), watch, AppenderLimits.DEFAULT);
                Connection one = database.open();
                Connection two = database.open()) {
            GroupedAppends appends = new GroupedAppends("appender", appender, new Usage(1), new Shape(4, 10, EVENTS));
            CopyLimit limit = new CopyLimit(one, appends);
            BareCopy bare = new BareCopy(two, appends);
            for (Contender contender : List.of(appends, limit, bare)) {
                slice(contender);
            }
            try (LoneCallers lone = new LoneCallers(database::open, appends, LONE)) {
                slice(lone);
            }
            try (SequenceCallers sequence = new SequenceCallers(database::open, appends)) {
                slice(sequence);
            }
        }
    }

    @Test
    void passes_what_is_whole() {
        assertThatCode(this::verify).doesNotThrowAnyException();
    }

    @Test
    void refuses_a_log_with_a_hole() throws SQLException {
        change("delete from usage_event where position = 7");

        assertThatThrownBy(this::verify).isInstanceOf(RunRefused.class).hasMessageContaining("events in the log");
    }

    @Test
    void refuses_a_contender_that_left_something_out() throws SQLException {
        change("delete from limit_identity where position = 7");

        assertThatThrownBy(this::verify).isInstanceOf(RunRefused.class).hasMessageContaining("identities copied");
    }

    @Test
    void refuses_callers_whose_counter_ran_ahead() throws SQLException {
        change("delete from lone_event where position = 7");

        assertThatThrownBy(this::verify).isInstanceOf(RunRefused.class).hasMessageContaining("lone callers");
    }

    @Test
    void refuses_callers_who_left_an_identity_out() throws SQLException {
        change("delete from lone_identity where position = 7");

        assertThatThrownBy(this::verify).isInstanceOf(RunRefused.class).hasMessageContaining("lone callers");
    }

    @Test
    void credits_nobody_with_events_that_were_there_before() throws Exception {
        try (HeadWatch watch = new HeadWatch(database.dataSource(), Duration.ofMillis(50));
                LogAppender appender = new LogAppender(database.dataSource(), watch, AppenderLimits.DEFAULT)) {
            GroupedAppends appends = new GroupedAppends("appender", appender, new Usage(2), new Shape(4, 10, EVENTS));
            slice(appends);

            assertThatThrownBy(appends::run)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(RunRefused.class)
                    .hasMessageContaining("recorded of a request should be 10 and are 0");
            assertThat(appends.recorded()).isEqualTo(EVENTS);
        }
    }

    private static void slice(Contender contender) throws Exception {
        contender.prepare();
        contender.run();
    }

    private void verify() throws SQLException {
        try (Connection connection = database.open()) {
            Verification.log(connection, EVENTS);
            Verification.contenders(connection, new Written(EVENTS, EVENTS, EVENTS, LONE));
        }
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
