package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.Signals;

/** What a server or its file is when a service before was ended by force. */
class LeftBehindServerTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    // Its child ends only when the shell has become sleep, which asks for no child's end: a shell may still ask.
    private static final String NEGLECTFUL =
            "{ while read -r name < /proc/$$/comm && [ \"$name\" != sleep ]; do :; done; } & echo $!; exec sleep 300";

    private static final String KEEP = "drop table if exists kept; create table kept as select 42 as number";

    // One data folder for all: making a new one takes longer than most of these tests.
    @RegisterExtension
    static final Trial TRIAL = new Trial();

    @Nested
    class Of_a_killed_server {

        @Test
        void the_stale_file_is_no_obstacle_and_nothing_committed_is_lost() throws SQLException {
            killedWithData();
            assertThat(PostmasterFile.in(TRIAL.folder())).exists();
            EmbeddedPostgres next = TRIAL.start();
            assertThat(Trial.ask(next.address(), "select number from kept")).isEqualTo("42");
            assertThat(next.takenOver()).isFalse();
            assertThat(TRIAL.said()).anyMatch(line -> line.contains("recovers"));
        }

        @Test
        void a_process_that_was_given_its_number_is_left_alone() throws Exception {
            killedWithData();
            Process stranger = TRIAL.asServerUser("sleep", "300");
            nameInFile(stranger.pid());
            EmbeddedPostgres next = TRIAL.start();
            assertThat(Trial.ask(next.address(), "select number from kept")).isEqualTo("42");
            assertThat(stranger.isAlive()).isTrue();
            assertThat(TRIAL.said()).anyMatch(line -> line.contains("process " + stranger.pid() + ", which is not"));
            next.close();
            assertThat(stranger.isAlive()).isTrue();
        }

        @Test
        void a_process_with_its_number_that_ended_unnoticed_is_no_obstacle() throws Exception {
            killedWithData();
            Process neglectful = TRIAL.asServerUser("/bin/sh", "-c", NEGLECTFUL);
            try (BufferedReader output = neglectful.inputReader()) {
                long ended = Long.parseLong(output.readLine());
                Await.untilTrue(LONG, () -> "it lives", () -> RunningServer.endedUnnoticed(ended));
                nameInFile(ended);
                assertThat(Trial.ask(TRIAL.start().address(), "select number from kept"))
                        .isEqualTo("42");
                assertThat(RunningServer.endedUnnoticed(ended)).isTrue();
            }
        }

        @Test
        void another_folders_server_that_was_given_its_number_is_left_alone() throws Exception {
            killedWithData();
            Trial other = new Trial();
            try (EmbeddedPostgres stranger = other.start()) {
                nameInFile(stranger.pid());
                EmbeddedPostgres next = TRIAL.start();
                assertThat(next.takenOver()).isFalse();
                assertThat(Trial.ask(next.address(), "select number from kept")).isEqualTo("42");
                next.close();
                assertThat(stranger.running()).isTrue();
                assertThat(Trial.ask(stranger.address(), "select 1")).isEqualTo("1");
            }
        }

        @Test
        void the_closing_of_the_service_that_lost_it_touches_nobody() throws Exception {
            EmbeddedPostgres server = TRIAL.start();
            Signals.kill(server.pid());
            Await.untilTrue(LONG, () -> "it lives", () -> !server.running());
            Process stranger = TRIAL.asServerUser("sleep", "300");
            nameInFile(stranger.pid());
            server.close();
            assertThat(stranger.isAlive()).isTrue();
        }

        private void killedWithData() throws SQLException {
            EmbeddedPostgres server = TRIAL.start();
            Trial.execute(server.address(), KEEP);
            Signals.kill(server.pid());
            Await.untilTrue(LONG, () -> "it lives", () -> !server.running());
            server.close();
        }

        private void nameInFile(long pid) throws IOException {
            Path file = PostmasterFile.in(TRIAL.folder());
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.set(0, Long.toString(pid));
            Files.write(file, lines);
        }
    }

    @Nested
    class Of_a_server_that_still_runs {

        @Test
        void one_with_other_settings_is_started_anew_with_the_right_ones() throws SQLException {
            EmbeddedPostgres first = TRIAL.start();
            Trial.execute(first.address(), KEEP);
            first.close();
            long pid = startByHand("-c fsync=off -c listen_addresses=127.0.0.1 -c port=" + first.port()
                    + " -c unix_socket_directories=");
            EmbeddedPostgres next = TRIAL.start();
            assertThat(next.takenOver()).isFalse();
            assertThat(next.pid()).isNotEqualTo(pid);
            assertThat(TRIAL.said()).anyMatch(line -> line.contains("fsync is 'off' and should be 'on'"));
            assertThat(Trial.ask(next.address(), "show fsync")).isEqualTo("on");
            assertThat(Trial.ask(next.address(), "select number from kept")).isEqualTo("42");
        }

        @Test
        void one_with_the_right_settings_is_taken_over() throws SQLException {
            EmbeddedPostgres first = TRIAL.start();
            first.close();
            long pid = startByHand(ServerSettings.on(first.port()).options());
            EmbeddedPostgres next = TRIAL.start();
            assertThat(next.takenOver()).isTrue();
            assertThat(next.pid()).isEqualTo(pid);
            assertThat(Trial.ask(next.address(), "select 1")).isEqualTo("1");
            next.close();
            assertThat(next.running()).isFalse();
        }

        @Test
        void one_that_stands_still_is_waited_for_with_messages_and_a_deadline() {
            EmbeddedPostgres first = TRIAL.start();
            first.close();
            long pid = startByHand(ServerSettings.on(first.port()).options());
            TRIAL.within(Duration.ofSeconds(4));
            try (Signals.Frozen frozen = Signals.freeze(pid)) {
                assertThatThrownBy(TRIAL::start)
                        .isInstanceOf(PostgresUnavailable.class)
                        .hasMessageContaining("does not answer in time")
                        .hasMessageContaining("process " + frozen.pid());
            }
            assertThat(TRIAL.said()).anyMatch(line -> line.startsWith("waiting for PostgreSQL"));
            TRIAL.within(LONG);
            assertThat(TRIAL.start().takenOver()).isTrue();
        }

        @Test
        void one_that_does_not_know_the_password_is_not_taken_over() throws Exception {
            EmbeddedPostgres first = TRIAL.start();
            first.close();
            String secret = Files.readString(TRIAL.folder().adminSecret());
            long pid = startByHand(ServerSettings.on(first.port()).options());
            Files.writeString(TRIAL.folder().adminSecret(), "another");
            assertThatThrownBy(TRIAL::start)
                    .isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining("does not accept the password")
                    .message()
                    .doesNotContain(secret.strip());
            assertThat(RunningServer.alive(pid)).isTrue();
            Files.writeString(TRIAL.folder().adminSecret(), secret);
            assertThat(TRIAL.start().takenOver()).isTrue();
        }

        private long startByHand(String options) {
            Installation installation = Installation.in(TRIAL.folder(), TRIAL.settings(), message -> {});
            OneShot.Ended ended = OneShot.run(
                    installation.control(
                            "start", "--wait", "--log=" + TRIAL.folder().startLog(), "--options=" + options),
                    Deadline.in(LONG));
            assertThat(ended.exitCode()).as(ended.text()).isZero();
            return PostmasterFile.read(TRIAL.folder()).orElseThrow().pid();
        }
    }
}
