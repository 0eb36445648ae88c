package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
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

    private static final List<String> FORBIDDEN = List.of(
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
            "update ledger_identity set id = gen_random_uuid()",
            "insert into retention_step (step, deleted_up_to) values (1, 1)",
            "delete from ledger_head",
            "update ledger_head set forgotten_before = 'infinity'",
            "update ledger_head set prepared_up_to = 0, usable_up_to = 0",
            "update ledger_head set pruned_up_to = 1",
            "update job_claim set node_id = ''",
            "delete from job_claim",
            "update job_step_event set data = null",
            "delete from job_step_event",
            "delete from job_finding",
            "update suppressed_stop set content = ''",
            "delete from suppressed_stop",
            "update audit_entry set subject = ''",
            "delete from audit_outcome",
            "insert into flyway_schema_history (installed_rank) values (99)",
            "create trigger sly before insert on usage_event for each row execute function suppress_redundant_updates_trigger()",
            "create table mine (number integer)",
            "set role ledger",
            "alter function ledger_prepare_partitions(bigint) security invoker");

    private static List<String> forbidden() {
        return FORBIDDEN;
    }

    @ParameterizedTest
    @MethodSource("forbidden")
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
        asService("update ledger_head set head = head, chain = chain");
        asService("update suppressed_stop set recorded_position = 1");
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

    @Test
    void partitions_far_beyond_the_head_are_not_made() {
        assertThatThrownBy(() -> asService("select ledger_prepare_partitions(100000000)"))
                .hasMessageContaining("are not needed where the head is 0");
    }

    private void startsAgain() {
        Migrations.migrate(database.address(), database.serviceAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grant update, delete on usage_event to ledger_service",
                "grant delete on usage_event to public",
                "grant update (state) on usage_event to ledger_service",
                "grant update (state) on usage_event to public",
                "grant update on ledger_head to public"
            })
    void what_was_granted_by_mistake_is_taken_back_at_the_next_start(String mistake) throws SQLException {
        Trial.execute(database.address(), mistake);
        startsAgain();

        for (String change : List.of(
                "delete from usage_event",
                "update usage_event set state = ''",
                "update ledger_head set pruned_up_to = 1")) {
            assertThatThrownBy(() -> asService(change)).hasMessageContaining("permission denied");
        }
        asService("update ledger_head set head = head");
    }

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void grants_are_looked_at_in_every_version(ServerVersion version) throws SQLException {
        try (TestDatabase fresh = TestPostgres.server(version).newDatabase()) {
            Trial.execute(fresh.address(), "grant update, delete on usage_event to ledger_service");
            Trial.execute(fresh.address(), "grant create on schema public to public");
            Migrations.migrate(fresh.address(), fresh.serviceAddress());

            assertThatThrownBy(() -> Trial.execute(fresh.serviceAddress(), "delete from usage_event"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> Trial.execute(fresh.serviceAddress(), "create table mine (number integer)"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void an_address_that_names_the_role_itself_gets_that_roles_grants() throws SQLException {
        DatabaseAddress service = database.serviceAddress();
        String sign = service.url().contains("?") ? "&" : "?";
        DatabaseAddress named = new DatabaseAddress(
                service.url() + sign + "user=" + service.user() + "&password=" + service.password(), "", "");
        Trial.execute(database.address(), "grant delete on usage_event to ledger_service");

        Migrations.migrate(database.address(), named);

        assertThatThrownBy(() -> Trial.execute(named, "delete from usage_event"))
                .hasMessageContaining("permission denied");
    }

    private DatabaseAddress administrator() {
        DatabaseAddress administrator = database.server().administrator();
        return new DatabaseAddress(database.address().url(), administrator.user(), administrator.password());
    }

    @Test
    void a_superuser_is_not_let_serve_what_another_owns() {
        assertThatThrownBy(() -> Migrations.migrate(database.address(), administrator()))
                .isInstanceOf(PostgresUnavailable.class)
                .hasMessageContaining("is a superuser");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger", "pg_write_all_data"})
    void a_role_that_may_change_what_was_recorded_by_way_of_another_is_not_let_serve(String another)
            throws SQLException {
        Trial.execute(administrator(), "create role sly login password 'sly' in role " + another);
        try {
            DatabaseAddress sly = new DatabaseAddress(database.address().url(), "sly", "sly");
            assertThatThrownBy(() -> Migrations.migrate(database.address(), sly))
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining("member of");
        } finally {
            Trial.execute(administrator(), "drop owned by sly");
            Trial.execute(administrator(), "drop role sly");
        }
    }

    @Test
    void an_owner_that_serves_itself_is_left_as_it_is() throws SQLException {
        Migrations.migrate(database.address(), database.address());

        Trial.execute(database.address(), "delete from log_window where window_number = 7");
    }

    private void asService(String statement) throws SQLException {
        Trial.execute(database.serviceAddress(), statement);
    }
}
