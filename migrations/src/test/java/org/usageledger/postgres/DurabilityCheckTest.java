package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.usageledger.postgres.testing.ServerVersion;
import org.usageledger.postgres.testing.TestDatabase;
import org.usageledger.postgres.testing.TestPostgres;

class DurabilityCheckTest {

    @Nested
    class On_facts {

        @Test
        void a_server_that_keeps_its_commits_is_durable() {
            assertThat(DurabilityCheck.judge(facts(Map.of()))).isEqualTo(new Durability.Durable(List.of()));
        }

        @ParameterizedTest
        @CsvSource(textBlock = """
                        server_version_num,        140011,       server_version
                        in_recovery,               true,         pg_is_in_recovery
                        fsync,                     off,          fsync
                        full_page_writes,          off,          full_page_writes
                        synchronous_commit,        off,          synchronous_commit
                        synchronous_commit,        local,        synchronous_commit
                        synchronous_commit,        something,    synchronous_commit
                        """)
        void each_way_to_lose_a_commit_is_a_reason_of_its_own(String fact, String value, String setting) {
            assertThat(reasons(facts(Map.of(fact, value)))).singleElement().satisfies(reason -> {
                assertThat(reason.setting()).isEqualTo(setting);
                assertThat(reason.whatToDo()).isNotBlank();
            });
        }

        @Test
        void all_reasons_are_named_at_once() {
            Durability.NotDurable judged = (Durability.NotDurable) DurabilityCheck.judge(
                    facts(Map.of("fsync", "off", "synchronous_commit", "off", "data_checksums", "off")));
            assertThat(judged.reasons()).hasSize(2);
            assertThat(Durability.sentence(judged.reasons(), judged.warnings()))
                    .contains("fsync is off", "synchronous_commit is off", "data_checksums is off");
        }

        @Test
        void remote_write_counts_only_where_a_standby_is_waited_for() {
            assertThat(reasons(facts(Map.of("synchronous_commit", "remote_write"))))
                    .isEmpty();
            assertThat(reasons(facts(
                            Map.of("synchronous_commit", "remote_write", "synchronous_standby_names", "ANY 1 (b, c)"))))
                    .hasSize(1);
        }

        @Test
        void named_standbys_and_full_acknowledgement_are_durable() {
            assertThat(DurabilityCheck.judge(facts(Map.of(
                            "synchronous_commit", "remote_apply",
                            "synchronous_standby_names", "ANY 1 (b, c)",
                            "receivers", "2"))))
                    .isEqualTo(new Durability.Durable(List.of()));
        }

        @ParameterizedTest
        @CsvSource(textBlock = """
                        data_checksums,            off,          data_checksums
                        synchronous_standby_names, FIRST 1 (*),  synchronous_standby_names
                        receivers,                 1,            synchronous_standby_names
                        """)
        void what_loses_nothing_by_itself_is_a_warning(String fact, String value, String setting) {
            assertThat(DurabilityCheck.judge(facts(Map.of(fact, value))))
                    .isInstanceOfSatisfying(
                            Durability.Durable.class,
                            durable -> assertThat(durable.warnings())
                                    .singleElement()
                                    .satisfies(warning ->
                                            assertThat(warning.setting()).isEqualTo(setting)));
        }
    }

    @Nested
    class On_servers {

        @ParameterizedTest
        @EnumSource(ServerVersion.class)
        void a_test_server_is_durable(ServerVersion version) throws SQLException {
            try (TestDatabase database = TestPostgres.server(version).emptyDatabase();
                    Connection connection = database.open()) {
                assertThat(DurabilityCheck.verify(connection)).isInstanceOf(Durability.Durable.class);
            }
        }

        @ParameterizedTest
        @EnumSource(ServerVersion.class)
        void a_setting_of_the_database_counts(ServerVersion version) throws SQLException {
            try (TestDatabase database = TestPostgres.server(version).emptyDatabase();
                    Connection before = database.open();
                    Statement statement = before.createStatement()) {
                statement.execute("alter database " + database.name() + " set synchronous_commit = off");
                try (Connection after = database.open()) {
                    assertThat(DurabilityCheck.verify(after)).isInstanceOf(Durability.NotDurable.class);
                }
            }
        }
    }

    private static List<Durability.Reason> reasons(DurabilityCheck.Facts facts) {
        return switch (DurabilityCheck.judge(facts)) {
            case Durability.Durable ignored -> List.of();
            case Durability.NotDurable(var reasons, var ignored) -> reasons;
        };
    }

    private static DurabilityCheck.Facts facts(Map<String, String> changed) {
        return new DurabilityCheck.Facts(
                Integer.parseInt(changed.getOrDefault("server_version_num", "180006")),
                "14.11",
                Boolean.parseBoolean(changed.getOrDefault("in_recovery", "false")),
                changed.getOrDefault("fsync", "on"),
                changed.getOrDefault("full_page_writes", "on"),
                changed.getOrDefault("synchronous_commit", "on"),
                changed.getOrDefault("synchronous_standby_names", ""),
                changed.getOrDefault("data_checksums", "on"),
                Long.parseLong(changed.getOrDefault("receivers", "0")));
    }
}
