package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.usageledger.postgres.testing.OnFreshDatabase;
import org.usageledger.postgres.testing.ServerVersion;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

@OnFreshDatabase
class AppendOnlyTest {

    private final TestDatabase database;

    AppendOnlyTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update usage_event set state = 'STOPPED'",
                "delete from usage_event",
                "truncate usage_event",
                "delete from usage_event_p0000000000",
                "update usage_event_p0000000000 set body = ''",
                "insert into usage_event_p0000000000 select * from usage_event",
                "alter table usage_event detach partition usage_event_p0000000000",
                "drop table usage_event_p0000000000",
                "delete from event_identity",
                "update event_identity set position = 1",
                "update log_window set chain = ''",
                "delete from log_window",
                "update ledger_epoch set fork = 0",
                "insert into retention_step (step, deleted_up_to) values (1, 1)",
                "delete from ledger_head",
                "update audit_entry set subject = ''",
                "delete from audit_outcome",
                "insert into flyway_schema_history (installed_rank) values (99)",
                "create trigger sly before insert on usage_event for each row execute function suppress_redundant_updates_trigger()",
                "create table mine (number integer)",
                "set role ledger",
                "alter function ledger_prepare_partitions(bigint) security invoker"
            })
    void the_service_cannot(String change) throws SQLException {
        assertThatThrownBy(() -> asService(change))
                .isInstanceOf(SQLException.class)
                .extracting(refusal -> ((SQLException) refusal).getSQLState())
                .as("insufficient privilege")
                .isEqualTo("42501");
    }

    @Test
    void the_service_can_append_and_make_room_for_more() throws SQLException {
        asService("insert into log_window (window_number, chain) values (1, sha256('1'))");
        asService("update ledger_head set head = head");
        asService("select ledger_prepare_partitions(3000000)");

        assertThatThrownBy(() -> asService("delete from usage_event_p0000000002"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> asService("drop table usage_event_p0000000002"))
                .hasMessageContaining("must be owner");
    }

    @Test
    void what_stands_in_the_services_own_way_does_not_make_the_owners_function_do_something_else() throws SQLException {
        try (Connection connection = database.serviceAddress().open();
                Statement statement = connection.createStatement()) {
            statement.execute("create temporary table ledger_head (partition_rows bigint, prepared_up_to bigint)");
            statement.execute("insert into pg_temp.ledger_head values (1, 100000000)");

            try (ResultSet row = statement.executeQuery("select ledger_prepare_partitions(1)")) {
                row.next();
                assertThat(row.getLong(1)).isLessThan(100_000_000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void what_was_granted_by_mistake_is_taken_back_at_the_next_start(ServerVersion version) throws SQLException {
        try (TestDatabase fresh = TestPostgres.server(version).newDatabase()) {
            Trial.execute(fresh.address(), "grant update, delete on usage_event to ledger_service");
            Migrations.migrate(fresh.address(), fresh.serviceAddress().user());

            assertThatThrownBy(() -> Trial.execute(fresh.serviceAddress(), "delete from usage_event"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void an_owner_that_serves_itself_is_left_as_it_is() throws SQLException {
        Migrations.migrate(database.address(), database.address().user());

        Trial.execute(database.address(), "delete from log_window where window_number = 7");
    }

    private void asService(String statement) throws SQLException {
        Trial.execute(database.serviceAddress(), statement);
    }
}
