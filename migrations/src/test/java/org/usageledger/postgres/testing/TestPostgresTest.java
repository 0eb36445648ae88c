package org.usageledger.postgres.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestPostgresTest {

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void a_new_database_is_migrated_durable_and_not_the_superusers(ServerVersion version) throws SQLException {
        try (TestDatabase database = TestPostgres.server(version).newDatabase();
                Connection connection = database.open()) {
            assertThat(ask(connection, "select count(*) from flyway_schema_history where success"))
                    .isNotEqualTo("0");
            assertThat(ask(connection, "show fsync")).isEqualTo("on");
            assertThat(ask(connection, "show synchronous_commit")).isEqualTo("on");
            assertThat(ask(connection, "select rolsuper from pg_roles where rolname = current_user"))
                    .isEqualTo("f");
        }
    }

    @Test
    void two_databases_see_nothing_of_each_other_and_are_gone_when_closed() throws SQLException {
        TestDatabase first = TestPostgres.newDatabase();
        try (TestDatabase second = TestPostgres.newDatabase();
                Connection connection = first.open();
                Connection other = second.open()) {
            execute(connection, "create table only_here (number integer)");
            assertThat(ask(other, "select to_regclass('only_here')")).isNull();
            first.close();
            assertThatThrownBy(first::open).hasMessageContaining("does not exist");
        }
    }

    @Test
    void the_oldest_server_is_version_15() throws SQLException {
        try (TestDatabase database = TestPostgres.server15().newDatabase();
                Connection connection = database.open()) {
            assertThat(ask(connection, "show server_version")).startsWith("15.");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
