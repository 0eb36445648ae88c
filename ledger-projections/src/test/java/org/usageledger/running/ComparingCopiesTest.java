package org.usageledger.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.lifecycle.ResourceKind;
import org.usageledger.log.Finding;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.projection.ReadModel.Compared;
import org.usageledger.projection.Window;

/** Two copies of what runs, compared range by range: seven processes, then two tasks. */
@OnFreshDatabase(per = OnFreshDatabase.Per.METHOD)
class ComparingCopiesTest extends RunningSituation {
    private static final int RESOURCES = 9;

    private static final String OTHER = """
            update running_resource
            set memory_mb = 77
            where slot = ?
              and resource_key = ?
            """;

    private static final String GONE = """
            delete from running_resource
            where slot = ?
              and resource_key = ?
            """;

    private void copies() throws SQLException {
        List<TestEvent> events = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            events.add(TestEvent.begins(ResourceKind.PROCESS, "p" + i));
        }
        events.add(TestEvent.begins(ResourceKind.TASK, "t1"));
        events.add(TestEvent.begins(ResourceKind.TASK, "t2"));
        live(events);
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            new RunningFold().fold(connection, 1, new Window(0, ledger.head()));
            connection.commit();
        }
    }

    private List<Finding> differences(int rows) throws SQLException {
        List<Finding> differences = new ArrayList<>();
        Optional<String> after = Optional.of("");
        int rounds = 0;
        try (Connection connection = database.open()) {
            while (after.isPresent()) {
                Compared some = new RunningFold().compare(connection, 0, 1, after.get(), rows);
                assertThat(some.rows()).as("compared at a time").isLessThanOrEqualTo(2 * rows);
                assertThat(++rounds).as("rounds").isLessThanOrEqualTo(2 * RESOURCES + 1);
                differences.addAll(some.differences());
                after = some.next();
            }
        }
        return differences;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 9, 100})
    void that_are_equal_have_no_differences(int rows) throws SQLException {
        copies();

        assertThat(differences(rows)).isEmpty();
    }

    /** Mutant: a range without its last row. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "0, p1", "1, p1", "0, p2", "1, p2", "0, p3", "1, p3", "0, p7", "1, p7", "0, t1", "1, t1", "0, t2", "1, t2"
    })
    void differ_where_one_lacks_a_row_or_says_something_else_of_it(int slot, String key) throws SQLException {
        copies();
        execute(OTHER, slot, key);
        for (int rows : new int[] {1, 2, 3, RESOURCES}) {
            assertThat(differences(rows))
                    .singleElement()
                    .satisfies(found -> assertThat(found.what()).contains(key).contains("something else"));
        }
        execute(GONE, slot, key);
        for (int rows : new int[] {1, 2, 3, RESOURCES}) {
            assertThat(differences(rows))
                    .singleElement()
                    .satisfies(found -> assertThat(found.what())
                            .contains(key)
                            .contains(
                                    slot == 0
                                            ? "runs by the log, but not by"
                                            : "runs by what the projection says, but not"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void differ_before_the_first_and_behind_the_last_row_of_the_other(int slot) throws SQLException {
        copies();
        for (String key : List.of("p1", "p2", "p3", "t1", "t2")) {
            execute(GONE, slot, key);
        }

        for (int rows : new int[] {1, 2, 3, RESOURCES}) {
            assertThat(differences(rows)).hasSize(5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void differ_everywhere_where_one_is_empty(int slot) throws SQLException {
        copies();
        for (String key : List.of("p1", "p2", "p3", "p4", "p5", "p6", "p7", "t1", "t2")) {
            execute(GONE, slot, key);
        }

        for (int rows : new int[] {1, 2, 3, RESOURCES}) {
            assertThat(differences(rows)).hasSize(RESOURCES);
        }
    }

    @Test
    void that_are_both_empty_are_equal() throws SQLException {
        assertThat(differences(1)).isEmpty();
    }

    private void execute(String sql, int slot, String key) throws SQLException {
        try (Connection connection = database.open();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, slot);
            statement.setString(2, key);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }
}
