package org.usageledger.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Waits until the server of a cluster answers and has proved that it is the one. */
final class ServerWait {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration BETWEEN_MESSAGES = Duration.ofSeconds(3);
    // The process notes one time when it begins and shows another, taken when it has read its settings.
    private static final long START_TIME_TOLERANCE_SECONDS = 30;

    private final Installation installation;
    private final String secret;
    private final Deadline deadline;

    private Deadline nextMessage = Deadline.in(BETWEEN_MESSAGES);
    private String seen = "no process yet";

    ServerWait(Installation installation, String secret, Deadline deadline) {
        this.installation = installation;
        this.secret = secret;
        this.deadline = deadline;
    }

    /** @param connection as the superuser; the receiver closes it */
    record Answering(PostmasterFile file, Connection connection, ServerIdentity identity) {}

    /**
     * Waits for a server that exists already, or comes to be while {@code expected}.
     *
     * @return empty once there is none and none is expected
     * @throws PostgresUnavailable at the deadline, or if what answers is not the server of this cluster
     */
    Optional<Answering> untilAnswers(BooleanSupplier expected) {
        while (true) {
            // Asked before the look: what started the server ends only after the server can be seen.
            boolean goOn = expected.getAsBoolean();
            Optional<Answering> answering = Optional.empty();
            if (RunningServer.of(installation.folder()) instanceof RunningServer.Serving(var file)) {
                goOn = true;
                answering = ask(file);
            }
            if (answering.isPresent() || !goOn) {
                return answering;
            }
            tellOrGiveUp();
            deadline.pause(BETWEEN_LOOKS);
        }
    }

    private Optional<Answering> ask(PostmasterFile file) {
        seen = "process " + file.pid() + " is " + (file.status().isEmpty() ? "beginning" : file.status());
        if (!file.ready()) {
            return Optional.empty();
        }
        try {
            DatabaseAddress address = EmbeddedAddresses.administrator(file.port(), secret);
            Connection connection = EmbeddedAddresses.within(ANSWER, address).open();
            return Optional.of(proved(file, connection));
        } catch (SQLException e) {
            refuseIfLockedOut(file, e);
            seen = "process " + file.pid() + " says: " + e.getMessage();
            return Optional.empty();
        }
    }

    private void refuseIfLockedOut(PostmasterFile file, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("28")) {
            throw new PostgresUnavailable(
                    "PostgreSQL (process " + file.pid() + ") on "
                            + installation.folder().root()
                            + " does not accept the password in "
                            + installation.folder().adminSecret() + ": restore that file or the database's own",
                    e);
        }
    }

    private Answering proved(PostmasterFile file, Connection connection) throws SQLException {
        boolean proved = false;
        try {
            ServerIdentity identity = ServerIdentity.ask(connection);
            DataFolder folder = installation.folder();
            if (!identity.dataFolder().equals(folder.cluster().toString())
                    || identity.systemIdentifier() != Cluster.systemIdentifier(folder)
                    || Math.abs(identity.startedAtSecond() - file.startedAtSecond()) > START_TIME_TOLERANCE_SECONDS) {
                throw new PostgresUnavailable("What answers on port " + file.port() + " is another PostgreSQL, on "
                        + identity.dataFolder() + ": end whatever took the port, then start again");
            }
            proved = true;
            return new Answering(file, connection, identity);
        } catch (IOException e) {
            throw new PostgresUnavailable(
                    "The database in " + installation.folder().root() + " cannot be read: " + e, e);
        } finally {
            if (!proved) {
                connection.close();
            }
        }
    }

    private void tellOrGiveUp() {
        if (nextMessage.passed()) {
            nextMessage = Deadline.in(BETWEEN_MESSAGES);
            installation
                    .progress()
                    .accept(String.format(
                            Locale.ROOT,
                            "waiting for PostgreSQL, at most %d s more (%s; its log says: %s)",
                            deadline.left().toSeconds(),
                            seen,
                            ServerLog.lastLine(installation.folder())));
        }
        if (deadline.passed()) {
            throw new PostgresUnavailable(
                    "PostgreSQL on " + installation.folder().root()
                            + " does not answer in time (" + seen + "; its log says: "
                            + ServerLog.lastLine(installation.folder())
                            + "): a recovery goes on by itself, so start the service again later");
        }
    }
}
