package org.usageledger.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Whether the server's user can get at what it needs, found out by trying as that user. */
final class Reach {

    private static final Duration TRIAL = Duration.ofSeconds(20);
    private static final String VERSION_PREFIX = "postgres (PostgreSQL) ";

    private Reach() {}

    /** @throws PostgresUnavailable naming the folder that keeps {@code user} from writing to {@code cluster} */
    static void checkWritable(ServerUser user, Path cluster) {
        refuseUnreachable(user, cluster, "-w");
    }

    /**
     * Runs the server's program as {@code user}.
     *
     * @return the server's version as it names it, such as {@code 18.6}
     * @throws PostgresUnavailable naming the folder that stands in the way
     */
    static String version(ServerUser user, ServerBinaries binaries) {
        Path server = binaries.program("postgres");
        OneShot.Ended ended = OneShot.run(user.command(List.of(server.toString(), "--version")), Deadline.in(TRIAL));
        if (!ended.succeeded() || !ended.text().startsWith(VERSION_PREFIX)) {
            refuseUnreachable(user, server, "-x");
            throw new PostgresUnavailable(
                    "PostgreSQL's program " + server + " cannot be run as " + user.shown() + ": " + ended.text());
        }
        return ended.text().substring(VERSION_PREFIX.length()).split(" ", 2)[0];
    }

    private static void refuseUnreachable(ServerUser user, Path target, String demand) {
        if (test(user, demand, target)) {
            return;
        }
        for (int names = 0; names < target.getNameCount(); names++) {
            Path folder = names == 0 ? target.getRoot() : target.getRoot().resolve(target.subpath(0, names));
            if (!test(user, "-x", folder)) {
                throw new PostgresUnavailable(
                        "The folder " + folder + " cannot be entered by " + user.shown()
                                + ", as whom PostgreSQL has to run: choose a data folder elsewhere with --data, or open that one");
            }
        }
        throw new PostgresUnavailable("The folder " + target + " cannot be used by " + user.shown()
                + ", as whom PostgreSQL has to run: mend its permissions");
    }

    private static boolean test(ServerUser user, String demand, Path path) {
        List<String> command =
                user.command(List.of("/bin/sh", "-c", "test \"$1\" \"$2\"", "sh", demand, path.toString()));
        OneShot.Ended ended = OneShot.run(command, Deadline.in(TRIAL));
        if (!ended.text().isEmpty()) {
            throw new PostgresUnavailable("A program cannot be started as " + user.shown() + ": " + ended.text());
        }
        return ended.succeeded();
    }
}
