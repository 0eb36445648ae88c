package org.usageledger.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Brings a cluster's server to run with the settings it must have: takes over one that runs, or starts one. */
final class ServerStart {

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(250);
    private static final int REASON_LINES = 20;
    // What PostgreSQL says while processes of a server that was ended by force are not all gone.
    private static final List<String> PASSING = List.of(
            "pre-existing shared memory block", "lock file \"postmaster.pid\" already exists", "is still in use");

    private final Installation installation;
    private final String secret;
    private final Deadline deadline;
    private final Duration stopPatience;

    ServerStart(Installation installation, String secret, Deadline deadline, Duration stopPatience) {
        this.installation = installation;
        this.secret = secret;
        this.deadline = deadline;
        this.stopPatience = stopPatience;
    }

    record Started(long pid, int port, boolean takenOver) {}

    Started takeOverOrStart() {
        try {
            return switch (RunningServer.of(installation.folder())) {
                case RunningServer.Serving(var file) -> takeOver(file.pid());
                case RunningServer.Stranger(var pid) -> startBeside(pid);
                case RunningServer.None() -> start();
            };
        } catch (IOException | SQLException e) {
            throw new PostgresUnavailable(
                    "PostgreSQL on " + installation.folder().root() + " could not be started: " + e.getMessage(), e);
        }
    }

    private Started takeOver(long pid) throws IOException, SQLException {
        tell("a PostgreSQL (process " + pid + ") that a service left behind still runs on this data folder");
        Optional<ServerWait.Answering> found = new ServerWait(installation, secret, deadline).untilAnswers(() -> false);
        if (found.isEmpty()) {
            return start();
        }
        PostmasterFile file = found.get().file();
        List<String> differences = differences(found.get());
        if (differences.isEmpty()) {
            tell("taking it over");
            return new Started(file.pid(), file.port(), true);
        }
        tell("starting it anew, because " + String.join(", ", differences));
        if (!new ServerStop(installation, stopPatience).stop(file.pid())) {
            throw new PostgresUnavailable("PostgreSQL (process " + file.pid() + ") on "
                    + installation.folder().root() + " runs with other settings and does not stop: stop it by hand");
        }
        return start();
    }

    private List<String> differences(ServerWait.Answering answering) throws SQLException {
        try (var connection = answering.connection()) {
            String version = answering.identity().version();
            return version.equals(installation.version())
                    ? ServerSettings.on(answering.file().port()).differences(connection)
                    : List.of("it is version " + version + " and should be " + installation.version());
        }
    }

    /** The server checks for survivors of its own by its shared memory, not only by the file that is removed here. */
    private Started startBeside(long stranger) throws IOException, SQLException {
        tell("postmaster.pid names process " + stranger
                + ", which is not this folder's PostgreSQL: leaving that process alone");
        Files.deleteIfExists(PostmasterFile.in(installation.folder()));
        return start();
    }

    private Started start() throws IOException, SQLException {
        Optional<PostmasterFile> left = PostmasterFile.read(installation.folder());
        if (left.isPresent()) {
            tell("PostgreSQL was ended by force: it recovers first");
            if (RunningServer.endedUnnoticed(left.get().pid())) {
                // PostgreSQL takes it for a living process, for ever if the first process of a container is none that
                // collects the ended ones.
                Files.deleteIfExists(PostmasterFile.in(installation.folder()));
            }
        }
        while (true) {
            int port = ServerPort.choose(installation.folder());
            Files.deleteIfExists(installation.folder().startLog());
            Optional<ServerWait.Answering> answering;
            String said;
            try (OneShot control = OneShot.start(startCommand(port))) {
                answering = new ServerWait(installation, secret, deadline).untilAnswers(control::running);
                said = control.text();
            }
            if (answering.isPresent()) {
                return verified(answering.get());
            }
            giveUpUnlessPassing(port, said);
            deadline.pause(BETWEEN_ATTEMPTS);
        }
    }

    private List<String> startCommand(int port) {
        // pg_ctl makes the server a session of its own.
        return installation.control(
                "start",
                "--wait",
                "--timeout=" + Math.max(1, deadline.left().toSeconds()),
                "--log=" + installation.folder().startLog(),
                "--options=" + ServerSettings.on(port).options());
    }

    private void giveUpUnlessPassing(int port, String said) {
        List<String> first = ServerLog.beforeItsOwn(installation.folder());
        boolean passing = !ServerPort.free(port)
                || first.stream().anyMatch(line -> PASSING.stream().anyMatch(line::contains));
        String reason = Stream.of(first, ServerLog.tail(installation.folder(), REASON_LINES))
                .flatMap(lines -> lines.stream()
                        .filter(line -> line.contains("FATAL") || line.contains("PANIC"))
                        .reduce((earlier, later) -> later)
                        .stream())
                .findFirst()
                .orElse(said);
        if (!passing || deadline.passed()) {
            throw new PostgresUnavailable("PostgreSQL did not start on "
                    + installation.folder().root() + ": " + reason + " (its log is in "
                    + installation.folder().logs() + ")");
        }
        tell("PostgreSQL did not start yet, trying again: " + reason);
    }

    private Started verified(ServerWait.Answering answering) throws SQLException {
        PostmasterFile file = answering.file();
        List<String> differences = differences(answering);
        if (!differences.isEmpty()) {
            new ServerStop(installation, stopPatience).stop(file.pid());
            throw new PostgresUnavailable(
                    "PostgreSQL on " + installation.folder().root() + " does not run with the settings it was given: "
                            + String.join(", ", differences));
        }
        return new Started(file.pid(), file.port(), false);
    }

    private void tell(String message) {
        installation.progress().accept(message);
    }
}
