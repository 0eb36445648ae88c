package org.usageledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.usageledger.event.Events;
import org.usageledger.event.UsageEvent;
import org.usageledger.postgres.Migrations;
import org.usageledger.postgres.testing.Await;
import org.usageledger.postgres.testing.PrivateServer;
import org.usageledger.postgres.testing.ServerVersion;

/** Commits wait for a standby that is not there: what is visible on one machine only is neither acknowledged nor shown. */
@SuppressWarnings("NullAway.Init")
class StandbyTest {
    private static final AppenderLimits LIMITS =
            new AppenderLimits(100_000, 128L << 20, 5_000, 16L << 20, Duration.ofSeconds(3), Duration.ofMillis(500));

    private PrivateServer server;
    private Process replacement;
    private TestLog log;
    private LogTables tables;

    @BeforeEach
    void open() throws IOException {
        server = PrivateServer.start(ServerVersion.NEWEST);
        Migrations.migrate(server.address());
        replaceServer();
        log = new TestLog(server.address(), LIMITS);
        tables = new LogTables(server.address());
    }

    @AfterEach
    void close() throws SQLException {
        commitsWaitForNoStandby();
        log.close();
        replacement.destroyForcibly();
    }

    /** The same server, but without the setting that it has no standby: on the command line it could not be changed. */
    private void replaceServer() throws IOException {
        ProcessHandle.Info running =
                ProcessHandle.of(server.pid()).orElseThrow().info();
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            Object owner = Files.getAttribute(server.dataFolder().resolve("postgresql"), "unix:uid");
            command.addAll(List.of("setpriv", "--reuid=" + owner, "--regid=" + owner, "--clear-groups", "--"));
        }
        command.add(running.command().orElseThrow());
        for (String argument : running.arguments().orElseThrow()) {
            command.add(argument.startsWith("synchronous_standby_names") ? "application_name=replacement" : argument);
        }
        server.close();
        replacement = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Await.until(TestLog.PATIENCE, () -> {
            try (Connection connection = server.address().open()) {
                return new Await.Seen.Ready<>(connection.isValid(1));
            } catch (SQLException e) {
                return new Await.Seen.NotYet<>(String.valueOf(e.getMessage()) + " from " + command);
            }
        });
    }

    private void commitsWaitForAStandby() throws SQLException {
        administer("""
                alter system set synchronous_standby_names = 'missing'
                """);
        Await.untilTrue(
                TestLog.PATIENCE, () -> "they do not", () -> tables.standbys().equals("missing"));
    }

    private void commitsWaitForNoStandby() throws SQLException {
        administer("""
                alter system reset synchronous_standby_names
                """);
        Await.untilTrue(
                TestLog.PATIENCE, () -> "they do", () -> tables.standbys().isEmpty());
    }

    private void administer(String change) throws SQLException {
        try (Connection administrator = server.adminAddress().open();
                Statement statement = administrator.createStatement()) {
            statement.execute(change);
            statement.execute("""
                    select pg_reload_conf()
                    """);
        }
    }

    @Test
    void a_node_that_has_yet_to_hear_from_the_standbys_does_not_take_the_newest_event_for_none() throws Exception {
        log.append(Events.process("p1", "STARTED"));
        commitsWaitForAStandby();
        try (TestLog fresh = new TestLog(server.address(), LIMITS)) {
            assertThatThrownBy(() -> fresh.reader.page(new Start.Newest(), ReadFilter.ALL, 10))
                    .isInstanceOf(LogFault.class)
                    .rootCause()
                    .hasMessageContaining("not confirmed yet");
            assertThatThrownBy(() -> fresh.reader.open(new Start.Newest(), ReadFilter.ALL))
                    .isInstanceOf(LogFault.class);

            commitsWaitForNoStandby();
            assertThat(fresh.reader.page(new Start.Newest(), ReadFilter.ALL, 10))
                    .isInstanceOfSatisfying(
                            Page.Events.class,
                            page -> assertThat(page.next().position()).isEqualTo(1));
        }
    }

    @Test
    void a_cancelled_wait_for_a_standby_is_no_acknowledgement_and_its_rows_stay_hidden_until_confirmed()
            throws Exception {
        log.append(Events.process("p1", "STARTED"));
        commitsWaitForAStandby();
        UsageEvent event = Events.process("p2", "STARTED");
        CompletableFuture<AppendResult> answer = log.appender.append(TestLog.request(event));
        Await.untilTrue(
                TestLog.PATIENCE,
                () -> "head " + tables.head() + ", no answer",
                () -> tables.cancelWaitingAppenders() > 0);
        Await.untilTrue(TestLog.PATIENCE, () -> "head " + tables.head(), () -> tables.head() == 2);

        assertThat(log.everything()).hasSize(1);
        assertThat(log.watch.head()).isEqualTo(1);
        Await.untilTrue(TestLog.PATIENCE, () -> "no answer", () -> {
            tables.cancelWaitingAppenders();
            return answer.isDone();
        });
        assertThat(answer.get()).isInstanceOf(AppendResult.Unknown.class);
        assertThat(log.everything()).hasSize(1);

        commitsWaitForNoStandby();
        assertThat(log.outcomes(event)).containsExactly(new Outcome.Duplicate(2));
        assertThat(log.everything()).hasSize(2);
    }

    @Test
    void a_reader_that_another_node_has_served_further_waits_here_and_is_not_sent_away() throws Exception {
        log.append(Events.process("p1", "STARTED"));
        Cursor servedElsewhere = new Cursor(1, 2, 0);
        commitsWaitForAStandby();
        CompletableFuture<AppendResult> unconfirmed =
                log.appender.append(TestLog.request(Events.process("p2", "STARTED")));
        Await.untilTrue(TestLog.PATIENCE, () -> "head " + tables.head(), () -> {
            tables.cancelWaitingAppenders();
            return tables.head() == 2;
        });
        assertThat(log.reader.page(new Start.After(servedElsewhere), ReadFilter.ALL, 10))
                .isInstanceOfSatisfying(Page.Events.class, page -> {
                    assertThat(page.events()).isEmpty();
                    assertThat(page.next()).isEqualTo(servedElsewhere);
                });
        assertThat(log.reader.check(new Cursor(1, 3, 0))).isPresent();
        assertThat(unconfirmed).isNotCompleted();
    }
}
