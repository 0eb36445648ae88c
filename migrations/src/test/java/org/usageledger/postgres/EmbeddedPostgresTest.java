package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.usageledger.postgres.testing.PrivateServer;
import org.usageledger.postgres.testing.ScratchFolder;
import org.usageledger.postgres.testing.ServerVersion;

class EmbeddedPostgresTest {

    @RegisterExtension
    final Trial trial = new Trial();

    @Nested
    class Started_again {

        @Test
        void has_its_data_and_its_port() throws SQLException {
            EmbeddedPostgres first = trial.start();
            Trial.execute(first.address(), "create table kept as select 42 as number");
            first.close();
            EmbeddedPostgres second = trial.start();
            assertThat(Trial.ask(second.address(), "select number from kept")).isEqualTo("42");
            assertThat(second.port()).isEqualTo(first.port());
            assertThat(second.takenOver()).isFalse();
            assertThat(trial.said()).isEmpty();
        }

        @Test
        void takes_another_port_if_its_own_is_taken() throws IOException, SQLException {
            EmbeddedPostgres first = trial.start();
            first.close();
            try (ServerSocket taken = new ServerSocket(first.port())) {
                EmbeddedPostgres second = trial.start();
                assertThat(second.port()).isNotEqualTo(taken.getLocalPort());
                assertThat(Trial.ask(second.address(), "show port")).isEqualTo(Integer.toString(second.port()));
            }
        }

        @Test
        void is_durable_whatever_was_written_into_its_configuration() throws SQLException {
            EmbeddedPostgres first = trial.start();
            Trial.execute(first.adminAddress(), "alter system set fsync = off");
            first.close();
            assertThat(Trial.ask(trial.start().address(), "show fsync")).isEqualTo("on");
        }

        @Test
        void refuses_when_the_services_role_was_told_not_to_wait_for_the_disk() throws SQLException {
            EmbeddedPostgres first = trial.start();
            Trial.execute(first.adminAddress(), "alter role ledger_service set synchronous_commit = off");
            first.close();
            assertThatThrownBy(trial::start)
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining("synchronous_commit is off");
            assertThat(RunningServer.of(trial.folder())).isInstanceOf(RunningServer.None.class);
        }

        @Test
        void refuses_data_on_which_damage_would_not_be_noticed() throws IOException {
            trial.start().close();
            remakeWithoutChecksums();
            assertThatThrownBy(trial::start)
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining("data_checksums is off");
            assertThat(RunningServer.of(trial.folder())).isInstanceOf(RunningServer.None.class);
        }

        private void remakeWithoutChecksums() throws IOException {
            DataFolder folder = trial.folder();
            Folders.remove(folder.cluster());
            ServerUser user = ServerUser.forCluster(folder.cluster());
            Cluster.prepare(folder, user);
            EmbeddedPostgres.Settings settings = trial.settings();
            ServerBinaries binaries =
                    ServerBinaries.unpacked(settings.archive(), settings.binariesFolder(), message -> {});
            Path password = folder.unfinishedCluster().resolveSibling("password");
            Files.copy(folder.adminSecret(), password);
            user.own(password);
            OneShot.Ended ended = OneShot.run(
                    user.command(List.of(
                            binaries.program("initdb").toString(),
                            "--pgdata=" + folder.unfinishedCluster(),
                            "--username=postgres",
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--no-data-checksums")),
                    Deadline.in(Duration.ofSeconds(60)));
            assertThat(ended.succeeded()).as(ended.text()).isTrue();
            Files.move(folder.unfinishedCluster(), folder.cluster());
        }

        @Test
        void gets_a_new_password_for_the_service_if_that_was_lost_but_never_a_new_superuser() throws Exception {
            EmbeddedPostgres first = trial.start();
            first.close();
            Files.delete(trial.folder().serviceSecret());
            EmbeddedPostgres second = trial.start();
            assertThat(second.serviceAddress().password())
                    .isNotEqualTo(first.serviceAddress().password());
            second.close();
            Files.delete(trial.folder().adminSecret());
            assertThatThrownBy(trial::start)
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining(trial.folder().adminSecret().toString());
        }
    }

    @Nested
    class Refuses {

        @Test
        void a_second_service_on_the_folder_and_names_the_first() {
            trial.start();
            assertThatThrownBy(trial::start)
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining(trial.root().toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }

        @Test
        void data_of_another_major_version() {
            EmbeddedPostgres.Settings old =
                    trial.settings().withBinaries(trial.settings().binariesFolder(), ServerVersion.OLDEST.archive());
            EmbeddedPostgres.start(old, message -> {}).close();
            assertThatThrownBy(trial::start)
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining("holds data of PostgreSQL 15")
                    .hasMessageContaining("brings PostgreSQL 18");
        }

        @Test
        void a_folder_that_the_servers_user_cannot_reach_and_names_the_one_in_the_way() throws IOException {
            assumeTrue(ServerUser.invokerIsRoot(), "only root starts the server as another user");
            Path closed = Files.createDirectories(ScratchFolder.fresh("closed"));
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
            trial.in(closed.resolve("below").resolve("data"));
            assertThatThrownBy(trial::start)
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageStartingWith("The folder " + closed + " cannot be entered")
                    .message()
                    .satisfies(sentence -> assertThat(sentence.lines()).hasSize(1));
        }

        @Test
        void a_name_that_a_shell_would_interpret() {
            trial.in(ScratchFolder.fresh("with$(dollar)"));
            assertThatThrownBy(() -> DataFolder.open(trial.root()))
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining("choose another name");
            trial.in(ScratchFolder.fresh("harmless"));
        }

        @Test
        void a_folder_where_something_else_stands_in_the_databases_place() throws IOException {
            Files.createDirectories(trial.folder().cluster());
            Files.writeString(trial.folder().cluster().resolve("mine.txt"), "precious");
            assertThatThrownBy(trial::start)
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining("holds no PostgreSQL data");
            assertThat(trial.folder().cluster().resolve("mine.txt")).exists();
        }
    }

    @Nested
    class Names_with {

        @Test
        void blanks_and_quotes_are_fit() {
            trial.in(ScratchFolder.fresh("it's a fine folder").resolve("d\u00e4ta"));
            String version = trial.start().version().toLowerCase(Locale.ROOT);
            assertThat(version).isNotBlank();
        }
    }

    @Nested
    class A_private_server {

        @Test
        void comes_back_with_its_data_and_address_after_being_killed_on_both_versions() throws SQLException {
            for (ServerVersion version : ServerVersion.values()) {
                try (PrivateServer server = PrivateServer.start(version)) {
                    DatabaseAddress address = server.address();
                    Trial.execute(address, "create table kept as select 42 as number");
                    server.kill9();
                    server.restart();
                    assertThat(server.address()).isEqualTo(address);
                    assertThat(Trial.ask(address, "select number from kept")).isEqualTo("42");
                }
            }
        }
    }
}
