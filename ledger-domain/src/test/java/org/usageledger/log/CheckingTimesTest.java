package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.TestDatabase;

/** Times that are finer than a microsecond, which is what the database keeps. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class CheckingTimesTest {
    private static final Instant AT = Instant.parse("2026-01-01T12:00:00.123456789Z");

    private final UsageEvent stop = Events.app("e1", "TASK_STOPPED", "RUNNING", AT, Events.Shape.task("t1", 256));

    private List<Finding> findingsAfter(TestDatabase fresh, String damage) throws SQLException {
        try (TestLog log = new TestLog(fresh)) {
            log.outcomes(stop);
            log.outcomes(Events.task("t1", "TASK_STARTED"), Events.process("p1", "p1", "STARTED", AT));
        }
        try (Connection connection = fresh.open();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(damage);
            return CheckingTheLogTest.findings(connection);
        }
    }

    @Test
    void of_a_stop_that_was_kept_aside_are_cut_off_and_no_damage(TestDatabase fresh) throws SQLException {
        assertThat(findingsAfter(fresh, "update usage_event set occurred_at = occurred_at where position = 2"))
                .isEmpty();
    }

    @Test
    void of_such_a_stop_may_also_be_rounded(TestDatabase fresh) throws SQLException {
        assertThat(findingsAfter(
                        fresh, "update usage_event set occurred_at = '2026-01-01T12:00:00.123457Z' where position = 2"))
                .isEmpty();
    }

    @Test
    void of_nothing_else_may_be(TestDatabase fresh) throws SQLException {
        assertThat(findingsAfter(
                        fresh, "update usage_event set occurred_at = '2026-01-01T12:00:00.123457Z' where position = 3"))
                .singleElement()
                .extracting(Finding::position)
                .isEqualTo(3L);
    }
}
