package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.usageledger.postgres.testing.ServerVersion;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

class MigrationsTest {

    // One migration that takes a while, and one that builds an index concurrently.
    private static final String SLOW_AND_CONCURRENT = "classpath:db/trial";
    private static final String BROKEN = "classpath:db/broken";
    private static final int NODES = 4;

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void the_schema_comes_from_nothing_and_a_second_run_changes_nothing(ServerVersion version) {
        try (TestDatabase database = TestPostgres.server(version).emptyDatabase()) {
            Migrations.Migrated first = Migrations.migrate(database.address());
            assertThat(first.applied()).isPositive();
            assertThat(Migrations.migrate(database.address())).isEqualTo(new Migrations.Migrated(0, first.version()));
        }
    }

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void four_nodes_at_once_run_each_migration_once_and_none_hangs(ServerVersion version) throws Exception {
        try (TestDatabase database = TestPostgres.server(version).emptyDatabase();
                ExecutorService nodes = Executors.newFixedThreadPool(NODES)) {
            Callable<Migrations.Migrated> node = () -> Migrations.migrateFrom(SLOW_AND_CONCURRENT, database.address());
            List<Future<Migrations.Migrated>> running =
                    IntStream.range(0, NODES).mapToObj(nr -> nodes.submit(node)).toList();
            int applied = 0;
            for (Future<Migrations.Migrated> one : running) {
                Migrations.Migrated migrated = one.get(60, TimeUnit.SECONDS);
                assertThat(migrated.version()).isEqualTo("2");
                applied += migrated.applied();
            }
            assertThat(applied).isEqualTo(2);
            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void a_failing_one_says_what_failed_where_and_leaves_nothing_behind() throws SQLException {
        try (TestDatabase database = TestPostgres.server().emptyDatabase();
                Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> Migrations.migrateFrom(BROKEN, database.address()))
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining(database.address().shown())
                    .hasMessageContaining("V1__broken.sql")
                    .hasMessageContaining("no_such_table")
                    .message()
                    .doesNotContain(database.address().password());
            try (ResultSet row = statement.executeQuery("select to_regclass('made_before_it_broke')")) {
                row.next();
                assertThat(row.getString(1)).isNull();
            }
        }
    }

    @Test
    void an_unreachable_database_is_named_without_its_password() {
        DatabaseAddress nowhere = new DatabaseAddress("jdbc:postgresql://127.0.0.1:1/ledger", "ledger", "hidden-word");
        assertThatThrownBy(() -> Migrations.migrate(nowhere))
                .isInstanceOf(PostgresUnavailable.class)
                .hasMessageContaining("127.0.0.1:1/ledger")
                .message()
                .doesNotContain("hidden-word");
    }

    private static int count(TestDatabase database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from trial")) {
            row.next();
            return row.getInt(1);
        }
    }
}
