package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.usageledger.postgres.testing.PrivateServer;
import org.usageledger.postgres.testing.ServerVersion;

/** A server that was started on an empty folder. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedServerTest {

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final EmbeddedPostgres.Settings settings = PrivateServer.settings(ServerVersion.NEWEST);
    private final EmbeddedPostgres server = EmbeddedPostgres.start(settings, said::add);
    private final DataFolder folder = DataFolder.open(settings.dataFolder());

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void keeps_what_it_committed_by_settings_that_it_really_runs_with() throws SQLException {
        DatabaseAddress address = server.address();
        assertThat(Trial.ask(address, "show fsync")).isEqualTo("on");
        assertThat(Trial.ask(address, "show full_page_writes")).isEqualTo("on");
        assertThat(Trial.ask(address, "show synchronous_commit")).isEqualTo("on");
        assertThat(Trial.ask(address, "show data_checksums")).isEqualTo("on");
        assertThat(Trial.ask(address, "show server_encoding")).isEqualTo("UTF8");
        assertThat(Trial.ask(
                        address,
                        "select datlocprovider::text || datlocale from pg_database where datname = current_database()"))
                .isEqualTo("bC.UTF-8");
        assertThat(Trial.ask(address, "show server_version")).isEqualTo(server.version());
        assertThat(server.version()).startsWith("18.");
        assertThat(server.takenOver()).isFalse();
        assertThat(server.running()).isTrue();
    }

    @Test
    void listens_on_the_loopback_interface_only_and_lets_nobody_in_without_the_password() throws SQLException {
        assertThat(Trial.ask(server.adminAddress(), "show listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(Trial.ask(server.adminAddress(), "show unix_socket_directories"))
                .isEmpty();
        DatabaseAddress address = server.address();
        assertThatThrownBy(() -> new DatabaseAddress(address.url(), address.user(), "guessed").open())
                .hasMessageContaining("password authentication failed");
        assertThat(Trial.ask(
                        server.adminAddress(),
                        "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'"))
                .isEqualTo("0");
    }

    @Test
    void serves_as_a_role_that_owns_its_database_and_nothing_more() throws SQLException {
        assertThat(Trial.ask(server.address(), "select current_user || '@' || current_database()"))
                .isEqualTo("ledger@ledger");
        assertThat(
                        Trial.ask(
                                server.address(),
                                "select rolsuper or rolcreaterole or rolcreatedb or rolreplication from pg_roles where rolname = current_user"))
                .isEqualTo("f");
        Trial.execute(server.address(), "create table mine (number integer)");
    }

    @Test
    void keeps_its_secrets_readable_by_their_owner_only_and_out_of_sight() throws IOException {
        for (Path secret : new Path[] {folder.adminSecret(), folder.serviceSecret()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(folder.adminSecret())).isNotEqualTo(Files.readString(folder.serviceSecret()));
        assertThat(server.address().toString() + server.adminAddress() + said + server.logTail(200))
                .doesNotContain(
                        server.address().password(), server.adminAddress().password());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.cluster())))
                .isEqualTo("rwx------");
        assertThat(folder.root().resolve("initdb.secret")).doesNotExist();
    }

    @Test
    void runs_as_an_unprivileged_user_when_root_starts_it_in_a_session_of_its_own() throws IOException {
        Path process = Path.of("/proc", Long.toString(server.pid()));
        assumeTrue(Files.isDirectory(process), "there is no /proc");
        if (ServerUser.invokerIsRoot()) {
            assertThat((Integer) Files.getAttribute(process, "unix:uid")).isNotZero();
        }
        String stat = Files.readString(process.resolve("stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
        assertThat(afterName[2]).as("process group").isEqualTo(Long.toString(server.pid()));
        assertThat(afterName[3]).as("session").isEqualTo(Long.toString(server.pid()));
    }
}
