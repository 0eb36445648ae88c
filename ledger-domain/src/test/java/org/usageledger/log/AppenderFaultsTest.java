package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** What the appender says of itself is true of it, now. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class AppenderFaultsTest {

    @Test
    void what_the_database_refuses_of_one_request_is_no_fault_of_the_appender(TestDatabase database) {
        try (TestLog log = new TestLog(database)) {
            assertThat(log.append(Events.withProcess(Events.process("nul", "STARTED"), "p\0")))
                    .isInstanceOfSatisfying(
                            AppendResult.Failed.class,
                            failed -> assertThat(failed.retryable()).isFalse());
            assertThat(log.appender.status().lastFault()).isEmpty();
            assertThat(log.appender.status().faultSince()).isEmpty();
        }
    }

    @Test
    void a_fault_that_has_passed_is_over_although_nobody_appends(TestDatabase database) throws SQLException {
        try (TestLog log = new TestLog(database)) {
            execute(database, "alter table ledger_head rename to ledger_head_away");
            assertThat(log.append(Events.process("p1", "STARTED"))).isInstanceOf(AppendResult.Failed.class);
            assertThat(log.appender.status().faultSince()).isPresent();

            execute(database, "alter table ledger_head_away rename to ledger_head");

            Await.untilTrue(
                    TestLog.PATIENCE,
                    () -> log.appender.status().toString(),
                    () -> log.appender.status().faultSince().isEmpty());
            assertThat(log.everything()).as("looking leaves nothing behind").isEmpty();
            assertThat(log.outcomes(Events.process("p1", "STARTED"))).containsExactly(new Outcome.Recorded(1));
        }
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
