package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.ScratchFolder;

/** Services in processes of their own. */
class EmbeddedPostgresProcessTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int NOBODY = 65_534;

    private static final String KEEP = "drop table if exists kept; create table kept as select 42 as number";

    // One data folder for all: making a new one takes longer than most of these tests.
    @RegisterExtension
    static final Trial TRIAL = new Trial();

    @Test
    void the_server_survives_a_service_that_is_killed_and_the_next_takes_it_over_with_its_open_work() throws Exception {
        ServiceProcess first = TRIAL.closing(ServiceProcess.start(TRIAL.settings()));
        ServiceProcess.Ready ready = first.awaitReady();
        DatabaseAddress address = address(ready);
        Trial.execute(address, KEEP);
        try (Connection open = address.open();
                Statement statement = open.createStatement()) {
            first.kill9();
            EmbeddedPostgres next = TRIAL.start();
            assertThat(next.takenOver()).isTrue();
            assertThat(next.pid()).isEqualTo(ready.server());
            assertThat(next.port()).isEqualTo(ready.port());
            assertThat(TRIAL.said()).anyMatch(line -> line.contains("taking it over"));
            assertThat(Trial.ask(next.address(), "select number from kept")).isEqualTo("42");
            statement.execute("update kept set number = 43");
            next.close();
            assertThat(next.running()).isFalse();
        }
    }

    @Test
    void a_second_service_is_told_who_uses_the_folder_and_harms_nobody() throws Exception {
        ServiceProcess first = TRIAL.closing(ServiceProcess.start(TRIAL.settings()));
        ServiceProcess.Ready ready = first.awaitReady();
        assertThatThrownBy(TRIAL::start)
                .isInstanceOf(PostgresUnavailable.class)
                .hasMessageContaining("in use by another service (process " + first.pid() + ")");
        ServiceProcess third = TRIAL.closing(ServiceProcess.start(TRIAL.settings()));
        assertThat(third.awaitLine("refused ")).contains("process " + first.pid());
        third.awaitEnd();
        assertThat(Trial.ask(address(ready), "select 1")).isEqualTo("1");
    }

    @Test
    void a_service_that_is_told_to_end_stops_its_server_cleanly() throws Exception {
        ServiceProcess first = TRIAL.closing(ServiceProcess.start(TRIAL.settings()));
        ServiceProcess.Ready ready = first.awaitReady();
        first.terminate();
        Await.untilTrue(LONG, () -> "the server lives", () -> !RunningServer.alive(ready.server()));
        assertThat(PostmasterFile.in(TRIAL.folder())).doesNotExist();
        EmbeddedPostgres next = TRIAL.start();
        assertThat(next.takenOver()).isFalse();
        assertThat(TRIAL.said()).isEmpty();
        assertThat(next.logTail(200)).noneMatch(line -> line.contains("not properly shut down"));
    }

    @Test
    void killing_both_at_once_loses_nothing_that_was_committed() throws Exception {
        ServiceProcess first = TRIAL.closing(ServiceProcess.start(TRIAL.settings()));
        ServiceProcess.Ready ready = first.awaitReady();
        Trial.execute(address(ready), KEEP);
        ProcessHandle.of(ready.server()).orElseThrow().destroyForcibly();
        first.kill9();
        EmbeddedPostgres next = TRIAL.start();
        assertThat(next.takenOver()).isFalse();
        assertThat(Trial.ask(next.address(), "select number from kept")).isEqualTo("42");
    }

    @Test
    void another_user_than_root_runs_the_service_and_its_server_and_root_can_go_on_with_it() throws Exception {
        assumeTrue(ServerUser.invokerIsRoot(), "only root can become another user");
        Path setpriv = Path.of("/usr/bin/setpriv");
        assumeTrue(Files.isExecutable(setpriv), "setpriv is not installed");
        ServerUser nobody =
                new ServerUser.Lowered("nobody", NOBODY, NOBODY, ServerUser.prefix(setpriv, NOBODY, NOBODY, "nobody"));
        Path home = ownedBy(nobody);
        Trial elsewhere = new Trial();
        elsewhere.in(home.resolve("data"));
        EmbeddedPostgres.Settings own = elsewhere
                .settings()
                .withBinaries(home.resolve("binaries"), elsewhere.settings().archive());
        ServiceProcess service = TRIAL.closing(ServiceProcess.startAs(nobody, own));
        ServiceProcess.Ready ready = service.awaitReady();
        Path server = Path.of("/proc", Long.toString(ready.server()));
        assertThat((Integer) Files.getAttribute(server, "unix:uid")).isEqualTo(NOBODY);
        service.kill9();
        ServiceProcess next = TRIAL.closing(ServiceProcess.startAs(nobody, own));
        assertThat(next.awaitReady()).isEqualTo(new ServiceProcess.Ready(ready.server(), ready.port(), true));
        next.terminate();
        EmbeddedPostgres asRoot = TRIAL.closing(elsewhere.start());
        assertThat((Integer) Files.getAttribute(Path.of("/proc", Long.toString(asRoot.pid())), "unix:uid"))
                .isEqualTo(NOBODY);
    }

    private static Path ownedBy(ServerUser user) throws IOException {
        Path home = Files.createDirectories(ScratchFolder.fresh("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.own(home);
        return home;
    }

    private DatabaseAddress address(ServiceProcess.Ready ready) throws IOException, SQLException {
        return EmbeddedAddresses.owner(
                ready.port(), Secret.readOrCreate(TRIAL.folder().ownerSecret()));
    }
}
